// The losses on regions, dice, jaccard and tversky: what a class shares with its labels, and the gradient by the input. All in
// float64, in which no product of the options overflows.
//
// Targets: f32 in 0..1, negative where ignored. Of a probability p and its target t, `least` says what is shared:
//
//                     shared      false positive    false negative
//   product           p t         p (1-t)           (1-p) t
//   least             min(p, t)   max(p - t, 0)     max(t - p, 0)

/** Writes, for each of `planes`, the sums over its `n` pixels of what is shared, false positive and false negative: three f64. */
export function regionSums_f32(probabilities: usize, targets: usize, planes: u32, n: u32, least: bool, out: usize): void {
  const bytes = (n as usize) << 2;
  for (let plane: u32 = 0; plane < planes; plane++) {
    planeSums(probabilities, targets, bytes, least, out);
    probabilities += bytes;
    targets += bytes;
    out += 24;
  }
}

function planeSums(probabilities: usize, targets: usize, bytes: usize, least: bool, out: usize): void {
  let shared = f64x2.splat(0);
  let positive = f64x2.splat(0);
  let negative = f64x2.splat(0);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  for (let i: usize = 0; i < bytes; i += 8) {
    // the last pixel of an odd number comes with one of probability 0 and target 0, which counts in nothing
    const single = i + 8 > bytes;
    const target = f64x2.promote_low_f32x4(single ? v128.load32_zero(targets + i) : v128.load64_zero(targets + i));
    const given = f64x2.promote_low_f32x4(single ? v128.load32_zero(probabilities + i) : v128.load64_zero(probabilities + i));
    const kept = f64x2.ge(target, zero);
    const t = v128.and(target, kept);
    const p = v128.and(f64x2.min(f64x2.max(given, zero), one), kept);
    const both = least ? f64x2.min(p, t) : f64x2.mul(p, t);
    shared = f64x2.add(shared, both);
    positive = f64x2.add(positive, least ? f64x2.sub(p, both) : f64x2.mul(p, f64x2.sub(one, t)));
    negative = f64x2.add(negative, least ? f64x2.sub(t, both) : f64x2.mul(f64x2.sub(one, p), t));
  }
  store<f64>(out, sum(shared));
  store<f64>(out, sum(positive), 8);
  store<f64>(out, sum(negative), 16);
}

// @ts-ignore: decorator
@inline
function sum(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** The probabilities are the input itself. */
const GIVEN = 0;
/** They are the sigmoid of the input. */
const SIGMOID = 1;
// else 2: the softmax over the classes

/**
 * The gradient by the input [classes, pixels] of an image, whose probabilities come from it as `kind` says. `factors`: f64, the
 * derivatives by the three sums of each class.
 */
export function regionGrad_f32(
  kind: i32,
  probabilities: usize,
  targets: usize,
  classes: u32,
  pixels: u32,
  least: bool,
  factors: usize,
  out: usize,
): void {
  const plane = (pixels as usize) << 2;
  const block = plane * (classes as usize);
  if (kind == GIVEN || kind == SIGMOID) {
    for (let k: usize = 0, f = factors; k < block; k += plane, f += 24) {
      for (let i = k; i < k + plane; i += 4) {
        const p = load<f32>(probabilities + i) as f64;
        const g = derivativeAt(p, load<f32>(targets + i) as f64, least, f);
        // a g of 0 silences what stands in ignored pixels
        store<f32>(out + i, (g == 0 ? 0 : kind == SIGMOID ? p * (1 - p) * g : g) as f32);
      }
    }
    return;
  }
  for (let i: usize = 0; i < plane; i += 4) softmaxPixel(probabilities + i, targets + i, plane, block, least, factors, out + i);
}

// p_c (g_c - sum of p_k g_k) for the gradients g by the probabilities of one pixel
// @ts-ignore: decorator
@inline
function softmaxPixel(p: usize, t: usize, plane: usize, block: usize, least: bool, factors: usize, out: usize): void {
  const ignored = load<f32>(t) < 0;
  let mean: f64 = 0;
  if (!ignored) {
    for (let k: usize = 0, f = factors; k < block; k += plane, f += 24) {
      const probability = load<f32>(p + k) as f64;
      mean += probability * derivativeAt(probability, load<f32>(t + k) as f64, least, f);
    }
  }
  for (let k: usize = 0, f = factors; k < block; k += plane, f += 24) {
    const probability = load<f32>(p + k) as f64;
    const g = ignored ? 0 : probability * (derivativeAt(probability, load<f32>(t + k) as f64, least, f) - mean);
    store<f32>(out + k, g as f32);
  }
}

// the derivative by a probability
// @ts-ignore: decorator
@inline
function derivativeAt(p: f64, t: f64, least: bool, factors: usize): f64 {
  if (t < 0) return 0;
  // how much of a small change of p is shared; half of it where p and t are equal
  const share = !least ? t : p < t ? 1 : p > t ? 0 : 0.5;
  return share * (load<f64>(factors) - load<f64>(factors, 16)) + (1 - share) * load<f64>(factors, 8);
}

// Softmax errors whose keys are equal, told apart in float64. A run of up to LONGEST records is put in the order of its exact
// errors; a longer one is taken for what it almost surely is, pixels that are alike.

const LONGEST: usize = 32;
// exact errors of the run in hand, or (where errors are above 1/2) their complements, negative; largest error first
const exact = memory.data(256, 8);

/** Where the softmax of the pixels in a call came from, for one class. */
// the logits of class and image, [classes, pixels] for each image
let logits: usize = 0;
let others: usize = 0;
let top: usize = 0;
let pixels: u32 = 0;
let classes: u32 = 0;
let class_: i32 = 0;

/** Remembers where to find what `mend` needs; see softmax.ts for `others` and `top`. */
export function mendFrom(logitsAt: usize, othersAt: usize, topAt: usize, c: i32, classCount: u32, pixelCount: u32): void {
  logits = logitsAt;
  others = othersAt;
  top = topAt;
  class_ = c;
  classes = classCount;
  pixels = pixelCount;
}

/**
 * Sorts the run of equal keys that begins at `start`, of at least two records, by exact errors, and returns its end; or
 * `start` where the run is left as it is.
 */
export function mend(start: usize, stop: usize, low: bool): usize {
  const key = load<u32>(start, 4);
  let end = start + 16;
  while (end < stop && load<u32>(end, 4) == key) end += 8;
  const count = (end - start) >> 3;
  if (count > LONGEST) return start;
  for (let i: usize = 0; i < count; i++) {
    const record = load<u64>(start + (i << 3));
    const error = exactError(record as u32, low);
    let j = i;
    for (; j > 0 && load<f64>(exact + ((j - 1) << 3)) < error; j--) {
      store<f64>(exact + (j << 3), load<f64>(exact + ((j - 1) << 3)));
      store<u64>(start + (j << 3), load<u64>(start + ((j - 1) << 3)));
    }
    store<f64>(exact + (j << 3), error);
    store<u64>(start + (j << 3), record);
  }
  return end;
}

/** Whether records `i` and `j` of the mended run tie: differences of the order of rounding in float64 are none. */
// @ts-ignore: decorator
@inline
export function mendedTie(i: usize, j: usize): bool {
  const a = load<f64>(exact + i);
  return a - load<f64>(exact + j) <= 1e-13 * abs(a);
}

function exactError(pixelAndLabel: u32, low: bool): f64 {
  const pixel = pixelAndLabel >> 1;
  const image = pixel / pixels;
  const first = logits + (((image * classes * pixels + (pixel - image * pixels)) as usize) << 2);
  const largest = load<i32>(top + ((pixel as usize) << 2));
  const rest = load<f64>(others + ((pixel as usize) << 3));
  const x = load<f32>(first + ((((class_ as u32) * pixels) as usize) << 2)) as f64;
  const m = load<f32>(first + ((((largest as u32) * pixels) as usize) << 2)) as f64;
  const p = NativeMath.exp(x - m) / (1 + rest);
  const complement = largest == class_ ? rest / (1 + rest) : 1 - p;
  const foreground = pixelAndLabel & 1;
  // the smaller of error and complement is the more exact
  if (low) return foreground ? complement : p;
  return foreground ? -p : -complement;
}

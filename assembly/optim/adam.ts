/** What is the same for all parameters in one step of Adam or AdamW. TypeScript writes it by the offsets below (src/optim/Adam.ts). */
// @ts-ignore: decorator
@unmanaged
export class AdamStep {
  /** The decay rates of the two moments. */
  beta1: f64 = 0;
  beta2: f64 = 0;
  /** lr / (1 - beta1^t). */
  rate: f64 = 0;
  /** 1 / sqrt(1 - beta2^t). */
  correction: f64 = 0;
  epsilon: f64 = 0;
  /** This times the parameter is added to its gradient; 0 in AdamW. */
  decay: f64 = 0;
  /** The parameter is multiplied by this before it moves: 1 - lr * decay in AdamW, 1 in Adam. */
  shrink: f64 = 0;
}

export const ADAM_BETA1: usize = offsetof<AdamStep>("beta1");
export const ADAM_BETA2: usize = offsetof<AdamStep>("beta2");
export const ADAM_RATE: usize = offsetof<AdamStep>("rate");
export const ADAM_CORRECTION: usize = offsetof<AdamStep>("correction");
export const ADAM_EPSILON: usize = offsetof<AdamStep>("epsilon");
export const ADAM_DECAY: usize = offsetof<AdamStep>("decay");
export const ADAM_SHRINK: usize = offsetof<AdamStep>("shrink");
export const ADAM_BYTES: usize = offsetof<AdamStep>();

/**
 * One step of Adam (Kingma and Ba, 2015, algorithm 1) or AdamW (Loshchilov and Hutter, 2019, algorithm 2) on `n` parameters; whole
 * vectors. `first` and `second` are the moments; `pointer` is that of an `AdamStep`.
 */
export function adam_f32(parameter: usize, gradient: usize, first: usize, second: usize, n: u32, pointer: usize): void {
  const step = changetype<AdamStep>(pointer);
  const beta1 = step.beta1 as f32;
  const beta2 = step.beta2 as f32;
  // the difference of float64: that of a beta2 near 1 in float32 would be off by percents
  const rest1 = (1 - step.beta1) as f32;
  const rest2 = (1 - step.beta2) as f32;
  const rate = step.rate as f32;
  const correction = step.correction as f32;
  const epsilon = step.epsilon as f32;
  const decay = step.decay as f32;
  const shrink = step.shrink as f32;
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const p = v128.load(parameter + i);
    const g = f32x4.add(v128.load(gradient + i), f32x4.mul(p, f32x4.splat(decay)));
    const m = f32x4.add(f32x4.mul(f32x4.splat(beta1), v128.load(first + i)), f32x4.mul(f32x4.splat(rest1), g));
    const v = f32x4.add(f32x4.mul(f32x4.splat(beta2), v128.load(second + i)), f32x4.mul(f32x4.splat(rest2), f32x4.mul(g, g)));
    v128.store(first + i, m);
    v128.store(second + i, v);
    const size = f32x4.add(f32x4.mul(f32x4.sqrt(v), f32x4.splat(correction)), f32x4.splat(epsilon));
    const shrunk = f32x4.mul(p, f32x4.splat(shrink));
    v128.store(parameter + i, f32x4.sub(shrunk, f32x4.div(f32x4.mul(f32x4.splat(rate), m), size)));
  }
}

/**
 * One step of Adam (Kingma and Ba, 2015, algorithm 1) on `n` parameters; whole vectors. `first` and `second` are the moments;
 * `step` is lr / (1 - beta1^t), `correction` 1 / sqrt(1 - beta2^t); `decay` times the parameter is added to its gradient.
 */
export function adam_f32(
  parameter: usize,
  gradient: usize,
  first: usize,
  second: usize,
  n: u32,
  beta1: f32,
  beta2: f32,
  step: f32,
  correction: f32,
  epsilon: f32,
  decay: f32,
): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const p = v128.load(parameter + i);
    const g = f32x4.add(v128.load(gradient + i), f32x4.mul(p, f32x4.splat(decay)));
    const m = f32x4.add(f32x4.mul(f32x4.splat(beta1), v128.load(first + i)), f32x4.mul(f32x4.splat(1 - beta1), g));
    const v = f32x4.add(f32x4.mul(f32x4.splat(beta2), v128.load(second + i)), f32x4.mul(f32x4.splat(1 - beta2), f32x4.mul(g, g)));
    v128.store(first + i, m);
    v128.store(second + i, v);
    const size = f32x4.add(f32x4.mul(f32x4.sqrt(v), f32x4.splat(correction)), f32x4.splat(epsilon));
    v128.store(parameter + i, f32x4.sub(p, f32x4.div(f32x4.mul(f32x4.splat(step), m), size)));
  }
}

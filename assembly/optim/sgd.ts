/**
 * One step of gradient descent with momentum on `n` parameters; whole vectors: velocity = momentum velocity + gradient +
 * decay parameter, parameter -= lr velocity.
 */
export function sgd_f32(parameter: usize, gradient: usize, velocity: usize, n: u32, lr: f32, momentum: f32, decay: f32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const p = v128.load(parameter + i);
    const g = f32x4.add(v128.load(gradient + i), f32x4.mul(p, f32x4.splat(decay)));
    const v = f32x4.add(f32x4.mul(f32x4.splat(momentum), v128.load(velocity + i)), g);
    v128.store(velocity + i, v);
    v128.store(parameter + i, f32x4.sub(p, f32x4.mul(f32x4.splat(lr), v)));
  }
}

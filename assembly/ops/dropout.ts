// The random bits of element i are number i of the sequence splitmix32 (Steele, Lea, Flood, 2014; src/random.ts), computed from i and the
// seed alone. So the backward pass makes the same mask again, and nothing is saved.

/**
 * out[i] = a[i] * factor where the random 32 bits of `i` are at least `threshold`, else 0; whole vectors. The adjoint is the same kernel.
 */
export function dropout_f32(a: usize, out: usize, n: u32, seed: u32, threshold: u32, factor: f32): void {
  const bytes = (n as usize) << 2;
  // of elements i to i + 3
  let states = i32x4.add(i32x4.splat(seed), i32x4.mul(i32x4.splat(STEP), i32x4(1, 2, 3, 4)));
  for (let i: usize = 0; i < bytes; i += 16) {
    let bits = i32x4.mul(v128.xor(states, i32x4.shr_u(states, 16)), i32x4.splat(0x21f0aaad));
    bits = i32x4.mul(v128.xor(bits, i32x4.shr_u(bits, 15)), i32x4.splat(0x735a2d97));
    bits = v128.xor(bits, i32x4.shr_u(bits, 15));
    const kept = i32x4.ge_u(bits, i32x4.splat(threshold));
    v128.store(out + i, v128.and(kept, f32x4.mul(v128.load(a + i), f32x4.splat(factor))));
    states = i32x4.add(states, i32x4.splat(4 * STEP));
  }
}

const STEP: i32 = 0x9e3779b9;

// The step of every register tile.

/** sum + a b in each lane, rounded twice: what rounds once (relaxed SIMD) is not the same on all machines. */
// @ts-ignore: decorator
@inline
export function mulAdd(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

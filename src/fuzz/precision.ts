// The numbers in which a loss computes.

/** float32, or the half precision of IEEE 754. */
export type Precision = "float32" | "float16";

export const PRECISIONS: readonly Precision[] = ["float32", "float16"];

// the least that a half holds to 11 bits
const LEAST_NORMAL = 2 ** -14;

/** The half that is nearest to `value`, of two the one whose last bit is 0. From 65520 on it is infinite. */
export function toHalf(value: number): number {
  const size = Math.abs(value);
  if (size >= 65_520) return Math.sign(value) * Number.POSITIVE_INFINITY;
  // halves of this size are multiples of it: they have 11 bits, and below 2^-14 fewer
  const step = 2 ** (Math.max(-14, Math.floor(Math.log2(size))) - 10);
  // float64 has no fractions from 2^52 on, and rounds to even
  return Math.sign(value) * (size / step + 2 ** 52 - 2 ** 52) * step;
}

/** `values` as a loss of `precision` gets them: halves for float16, of which subnormal ones, that some graphics cards take for 0, are 0. */
export function heldValues(precision: Precision | undefined, values: Float32Array): Float32Array {
  if (precision !== "float16") return values;
  return values.map((value) => {
    const half = toHalf(value);
    return Math.abs(half) < LEAST_NORMAL ? Math.sign(value) * 0 : half;
  });
}

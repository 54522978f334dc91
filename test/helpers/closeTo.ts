// Comparison of arrays within a tolerance, with a message that names the first element out of it.

export interface Tolerance {
  /** Default 1e-6. */
  absolute?: number;
  /** Of the expected value. Default 1e-6. */
  relative?: number;
}

/** Throws unless `came` has the length of `expected` and every element is near; NaN is near NaN, infinity near itself. */
export function expectClose(
  came: ArrayLike<number>,
  expected: ArrayLike<number>,
  { absolute = 1e-6, relative = 1e-6 }: Tolerance = {},
  what = "array",
): void {
  compare(came, expected, what, (x, y) => Math.abs(x - y) <= absolute + relative * Math.abs(y));
}

/** Throws unless every element lies within `units` units in the last place of float32 of the (float64) expected one. */
export function expectUlps(came: ArrayLike<number>, expected: ArrayLike<number>, units: number, what = "array"): void {
  compare(came, expected, what, (x, y) => Math.abs(x - y) <= units * ulp(y));
}

/** Throws unless every element has the bits of the expected one: -0 is not 0; any NaN is NaN. */
export function expectSame(came: ArrayLike<number>, expected: ArrayLike<number>, what = "array"): void {
  compare(came, expected, what, () => false);
}

/** The distance from one float32 to the next at `value`. */
export function ulp(value: number): number {
  const size = Math.abs(value);
  return size < 2 ** -126 ? 2 ** -149 : 2 ** (Math.floor(Math.log2(size)) - 23);
}

function compare(came: ArrayLike<number>, expected: ArrayLike<number>, what: string, near: (x: number, y: number) => boolean): void {
  if (came.length !== expected.length) throw new Error(`${what} has length ${came.length}, expected ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    // what float32 cannot hold is infinite or 0
    const [x, y] = [came[i], expected[i]];
    if (Object.is(x, y) || Object.is(x, Math.fround(y)) || near(x, y)) continue;
    throw new Error(`${what}[${i}] of ${expected.length} is ${x}, expected ${y}, off by ${Math.abs(x - y)}`);
  }
}

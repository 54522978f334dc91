// The arrays that summaries count in: 32 bits are fast, and float64 is for more pixels than 32 bits can count.

/** Whole numbers; a Float64Array only where one of them needs more than 32 bits. */
export type Counts = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** The largest count in 32 bits. */
export const MOST_IN_32_BITS = 2 ** 32 - 1;

/** Zeros, into which any counts of so many pixels fit. */
export function zeroCounts(pixels: number, length: number): Counts {
  return pixels > MOST_IN_32_BITS ? new Float64Array(length) : new Uint32Array(length);
}

/** The same counts in 32 bits, if all of them fit: equal counts are in equal arrays. */
export function narrowed(counts: Counts): Counts {
  const narrow = counts.BYTES_PER_ELEMENT === Uint32Array.BYTES_PER_ELEMENT;
  return narrow || counts.some((count) => count > MOST_IN_32_BITS) ? counts : Uint32Array.from(counts);
}

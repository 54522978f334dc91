// The ranges of a range partition (partition.ts): bins of errors, counted first, joined into ranges of about RANGE_PIXELS pixels.

const RANGE_PIXELS: u32 = 1 << 16;
const MOST_RANGES: u32 = 1024;

/** Errors are counted in 2^BIN_BITS bins, the largest in bin 0, and pixels that are not sorted in one more. */
export const BIN_BITS: u32 = 12;
export const UNSORTED: u32 = 1 << BIN_BITS;

// of each bin its count, then the address of its range's cursor
const bins = memory.data(16400, 16);
// of each range, and of the pixels that are not sorted: the next pixel, and the first
const cursors = memory.data(4112, 16);
const starts = memory.data(4112, 16);

export function clearBins(): void {
  memory.fill(bins, 0, (UNSORTED + 1) << 2);
}

/** Counts a pixel; `bin` is four times its bin. */
// @ts-ignore: decorator
@inline
export function countPixel(bin: usize): void {
  store<u32>(bin, load<u32>(bin, bins) + 1, bins);
}

/** Joins the counted bins of `n` pixels into ranges, from the largest error down; returns how many. Unsorted pixels start at `n`. */
export function joinBins(n: u32): u32 {
  const most = max(RANGE_PIXELS, n >> 9);
  let ranges: u32 = 0;
  let pixel: u32 = 0;
  let size: u32 = 0;
  for (let bin: u32 = 0; bin < UNSORTED; bin++) {
    const at = bins + ((bin as usize) << 2);
    const count = load<u32>(at);
    if (count > 0 && ranges < MOST_RANGES && (ranges == 0 || size + count > most)) {
      store<u32>(starts + ((ranges as usize) << 2), pixel);
      ranges++;
      size = 0;
    }
    if (ranges > 0) store<u32>(at, (cursors + ((ranges as usize) << 2) - 4) as u32);
    size += count;
    pixel += count;
  }
  store<u32>(starts + ((ranges as usize) << 2), pixel);
  rewind(ranges);
  store<u32>(cursors + ((ranges as usize) << 2), n);
  store<u32>(bins + ((UNSORTED as usize) << 2), (cursors + ((ranges as usize) << 2)) as u32);
  return ranges;
}

/** Sets the cursor of each range to its first pixel. */
export function rewind(ranges: u32): void {
  memory.copy(cursors, starts, (ranges as usize) << 2);
}

/** The next pixel of the range of a bin, of which `bin` is four times the number. */
// @ts-ignore: decorator
@inline
export function nextPixel(bin: usize): usize {
  const cursor = load<u32>(bin, bins);
  const at = load<u32>(cursor);
  store<u32>(cursor, at + 1);
  return at;
}

/** The address of the cursor of unsorted pixels, which all share one. */
// @ts-ignore: decorator
@inline
export function unsortedCursor(): usize {
  return load<u32>((UNSORTED as usize) << 2, bins);
}

/** The first pixel of a range; of range number `ranges`, the end of the last. */
// @ts-ignore: decorator
@inline
export function startOf(range: u32): usize {
  return load<u32>(starts + ((range as usize) << 2));
}

/** How many pixels a range has. */
// @ts-ignore: decorator
@inline
export function sizeOf(range: u32): u32 {
  return (startOf(range + 1) - startOf(range)) as u32;
}

/** How many pixels the largest of `ranges` ranges has. */
export function largestRange(ranges: u32): u32 {
  let largest: u32 = 0;
  for (let range: u32 = 0; range < ranges; range++) largest = max(largest, sizeOf(range));
  return largest;
}

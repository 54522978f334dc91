// What a scan of sorted errors has counted so far. By algorithm 1 the weights follow from these two numbers (see weights.ts).

// @ts-ignore: decorator
@unmanaged
class Count {
  /** P + fp: pixels in the union of prediction and mask, so far. */
  union: i32 = 0;
  /** TP = P - fn: pixels still in their intersection. */
  intersection: i32 = 0;
  /** What the last scan of distinct errors added to the loss. */
  loss: f64 = 0;
}

export const count = changetype<Count>(memory.data(16, 16));

/** Begins an image of `positives` positives. */
export function startCount(positives: u32): void {
  count.union = positives;
  count.intersection = positives;
}

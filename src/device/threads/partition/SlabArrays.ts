// The arrays of a softmax that is cut into slabs, as the calling thread writes and reads them. What is [images, classes, pixels] for
// the caller is [slabs, images, classes, width] there.
import type { SlabsCall } from "../protocol.js";

export class SlabArrays {
  readonly #call: SlabsCall;
  // of each image
  readonly #pixels: number;

  constructor(call: SlabsCall, pixels: number) {
    this.#call = call;
    this.#pixels = pixels;
  }

  /** Writes labels [images, pixels]. The pixels that fill up the last slab are ignored ones. */
  writeLabels(labels: Int32Array): void {
    const { memory, images, slabs, width, offsets } = this.#call;
    const out = new Int32Array(memory.buffer, offsets.labels, images * slabs * width);
    if (slabs * width > this.#pixels) out.fill(-1);
    for (let slab = 0; slab < slabs; slab++) {
      this.#eachRow(1, slab, (from, to, length) => out.set(labels.subarray(from, from + length), to));
    }
  }

  /** Writes weights [images, pixels]. */
  writeWeights(weights: Float32Array): void {
    const { images, slabs, width, offsets } = this.#call;
    const out = this.#floats(offsets.weights, images * slabs * width);
    for (let slab = 0; slab < slabs; slab++) {
      this.#eachRow(1, slab, (from, to, length) => out.set(weights.subarray(from, from + length), to));
    }
  }

  /** Writes those of logits [images, classes, pixels] that lie in a slab. */
  writeLogits(logits: Float32Array, slab: number): void {
    const { images, classes, slabs, width, offsets } = this.#call;
    const out = this.#floats(offsets.logits, slabs * images * classes * width);
    this.#eachRow(classes, slab, (from, to, length) => {
      out.set(logits.subarray(from, from + length), to);
      if (length < width) out.fill(0, to + length, to + width);
    });
  }

  /** The gradients of classes that do not count are 0: no worker writes them. */
  clearUncounted(): void {
    const { images, classes, slabs, width, order, offsets } = this.#call;
    const n = slabs * images * width;
    const counted = new Set(order);
    for (let c = 0; c < classes; c++) if (!counted.has(c)) this.#floats(offsets.classGradients + 4 * c * n, n).fill(0);
  }

  /** Reads what a slab has in the array at `offset`, as logits or keys lie, to its rows of `out` [images, classes, pixels]. */
  read(offset: number, slab: number, out: Float32Array): void {
    const { images, classes, slabs, width } = this.#call;
    const values = this.#floats(offset, slabs * images * classes * width);
    this.#eachRow(classes, slab, (to, from, length) => out.set(values.subarray(from, from + length), to));
  }

  /** A copy of the logits, [images, classes, pixels]. */
  logits(): Float32Array {
    const { images, classes, slabs, offsets } = this.#call;
    const out = new Float32Array(images * classes * this.#pixels);
    for (let slab = 0; slab < slabs; slab++) this.read(offsets.logits, slab, out);
    return out;
  }

  /** The sum of the losses, in the order of the classes and then as a float32, as on one thread. */
  loss(): number {
    const { memory, order, offsets } = this.#call;
    const losses = new Float64Array(memory.buffer, offsets.losses, order.length);
    const ascending = [...order.keys()].sort((a, b) => order[a] - order[b]);
    return Math.fround(ascending.reduce((sum, k) => sum + losses[k], 0));
  }

  // calls `visit` for each row of a slab: where it begins in [images, planes, pixels], and in [slabs, images, planes, width]; its length
  #eachRow(planes: number, slab: number, visit: (uncut: number, cut: number, length: number) => void): void {
    const { images, width } = this.#call;
    const rows = images * planes;
    const length = Math.min(width, this.#pixels - slab * width);
    for (let row = 0; row < rows; row++) visit(row * this.#pixels + slab * width, (slab * rows + row) * width, length);
  }

  #floats(offset: number, count: number): Float32Array {
    return new Float32Array(this.#call.memory.buffer, offset, count);
  }
}

// lovaszHinge or lovaszSigmoid of one image by `method: "histogram"`, in memory that the cores of the workers share (memory/layout.ts). Each
// worker has one strip of the pixels, for which it takes three steps (steps/strips.ts):
//
//   stripErrors     the errors, and what they lie below; the calling thread takes the largest of these ranges
//   stripCounts     how many errors are in each bin; the calling thread adds up the counts and computes the derivatives of the bins
//   stripGradient   the derivative of the bin of each pixel; the calling thread copies the gradient from there
//
// The result is that of one thread to the bit. A worker that dies is replaced, and its successor takes the step again.
import { classMap } from "../../../losses/labels.js";
import { binTable } from "../../../losses/method.js";
import type { ValueAndGrad } from "../../../losses/valueAndGrad.js";
import { tidy } from "../../../tensor/scope.js";
import { kernels } from "../../../wasm/instance.js";
import { viewF32, viewI32 } from "../../../wasm/memory.js";
import type { Block, SharedMemory } from "../../../wasm/sharedMemory.js";
import type { BinarySettings, Call } from "../call.js";
import { stripLayout, tableBytes } from "../memory/layout.js";
import { allSettled } from "../pool/allSettled.js";
import type { Pool } from "../pool/Pool.js";
import type { StripsCall, StripsTask } from "../protocol.js";
import type { Partition, Plan } from "./partition.js";
import { ranges } from "./ranges.js";

export const strips: Partition = {
  // weights in float64 would add up to other bits, strip by strip
  applies: ({ binary, isMeanOfImages, weights }, resources) =>
    resources.pool.size > 1 && binary !== null && binary.bins > 0 && !isMeanOfImages && weights === null && resources.memory !== null,
  plan: (call, { pool, memory }) => new StripsPlan(call, call.binary as BinarySettings, pool, memory as SharedMemory),
};

// strips begin where 64 bytes do
const UNIT = 16;

class StripsPlan implements Plan {
  readonly #call: Call;
  readonly #pool: Pool;
  readonly #memory: SharedMemory;
  readonly #block: Block;
  readonly #cut: StripsCall;
  readonly #labels: Call["labels"];
  readonly #positives: number;
  readonly #strips: readonly (readonly [from: number, to: number])[];

  constructor(call: Call, { kind, bins, ignore }: BinarySettings, pool: Pool, memory: SharedMemory) {
    const { name, input, labels } = call;
    const n = input.length;
    const layout = stripLayout(n, bins, pool.size);
    this.#call = call;
    this.#pool = pool;
    this.#memory = memory;
    this.#labels = labels.slice();
    this.#strips = ranges(Math.ceil(n / UNIT), pool.size).map(([from, to]) => [UNIT * from, Math.min(UNIT * to, n)]);
    [this.#block, this.#cut, this.#positives] = tidy(() => {
      const { pointer } = classMap(name, labels, { count: n, classes: 2, ignore });
      // nothing below throws, so that the block is never lost
      const block = memory.take(layout.bytes);
      const offsets = layout.offsets(block.start);
      new Int32Array(memory.memory.buffer, offsets.labels, n).set(viewI32(pointer, n));
      const cut = { memory: memory.memory, memoryId: memory.id, kind, bins, offsets, tableBytes: tableBytes(bins) };
      return [block, cut, kernels.positiveMass(pointer, 0, 1, n)];
    });
  }

  async run(): Promise<ValueAndGrad> {
    const { input, out } = this.#call;
    const { offsets } = this.#cut;
    const values = this.#floats(offsets.values, input.length);
    await this.#step("stripErrors", 0, ([from, to]) => values.set(input.subarray(from, to), from));
    const range = this.#range();
    await this.#step("stripCounts", range);
    const value = this.#weigh(range);
    await this.#step("stripGradient", range);
    const grad = out ?? new Float32Array(input.length);
    grad.set(this.#floats(offsets.gradient, input.length));
    return { value, grad };
  }

  held(): Pick<Call, "input" | "labels"> {
    return { input: this.#floats(this.#cut.offsets.values, this.#call.input.length).slice(), labels: this.#labels };
  }

  free(): void {
    this.#memory.give(this.#block);
  }

  // each worker's strip; `before` prepares it
  async #step(kind: StripsTask["kind"], range: number, before?: (strip: readonly [from: number, to: number]) => void): Promise<void> {
    const tasks = this.#strips.map(([from, to], strip) => {
      before?.([from, to]);
      return this.#pool.run({ kind, call: this.#cut, strip, from, to, range, workerIndex: strip }, strip);
    });
    await allSettled(tasks);
  }

  #range(): number {
    const { memory, offsets } = this.#cut;
    return new Float64Array(memory.buffer, offsets.ranges, this.#strips.length).reduce((a, b) => Math.max(a, b));
  }

  // returns the loss, from the counts of all strips, and leaves the derivatives of the bins in the first table
  #weigh(range: number): number {
    const { bins, offsets } = this.#cut;
    return tidy(() => {
      const table = binTable(bins, false);
      this.#addCounts(viewI32(table, 2 * bins + 2));
      const loss = kernels.scanBins(table, false, bins, range, this.#positives, 1, 1, -1);
      this.#floats(offsets.tables, 2 * bins + 2).set(viewF32(table, 2 * bins + 2));
      return Math.fround(loss);
    });
  }

  #addCounts(sums: Int32Array): void {
    const { memory, offsets, tableBytes } = this.#cut;
    sums.fill(0);
    for (let strip = 0; strip < this.#strips.length; strip++) {
      const counts = new Int32Array(memory.buffer, offsets.tables + strip * tableBytes, sums.length);
      for (let i = 0; i < sums.length; i++) sums[i] += counts[i];
    }
  }

  #floats(offset: number, count: number): Float32Array {
    return new Float32Array(this.#cut.memory.buffer, offset, count);
  }
}

// A binary loss of one image by `method: "histogram"`: each worker counts a strip of its pixels; the counts are added up and weighed
// here, and each worker gives its strip the slopes.
import { classMap } from "../../losses/labels.js";
import { binTable, KIND, methodOf } from "../../losses/method.js";
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import { tidy } from "../../tensor/scope.js";
import { kernels } from "../../wasm/instance.js";
import { viewF32, viewI32 } from "../../wasm/memory.js";
import type { Block, SharedMemory } from "../../wasm/sharedMemory.js";
import type { Pool } from "./pool.js";
import type { BinsCall, BinsTask } from "./protocol.js";
import type { Reading } from "./reading.js";
import { settledAll } from "./settled.js";
import { hasImages, ranges } from "./spreadImages.js";

/** Whether strips of this call can be counted apart. Weights could not be added up to the same bits in any order. */
export function hasStrips(call: Reading): boolean {
  const isBinary = call.name === "lovaszHinge" || call.name === "lovaszSigmoid";
  return isBinary && call.options.method === "histogram" && call.weights === null && !hasImages(call);
}

/** A call, and its place in the memory. */
export class Strips {
  readonly #reading: Reading;
  readonly #call: BinsCall;
  readonly #strips: readonly (readonly [from: number, to: number])[];
  readonly #memory: SharedMemory;
  readonly #block: Block;

  /** Throws `LovaszError` "memory". */
  constructor(reading: Reading, memory: SharedMemory, parts: number) {
    const { name, input, options } = reading;
    const n = input.length;
    const bins = methodOf(name, options);
    const kind = name === "lovaszHinge" ? KIND.hinge : options.fromLogits === false ? KIND.probability : KIND.sigmoid;
    this.#strips = ranges(Math.ceil(n / 16), parts).map(([from, to]) => [16 * from, Math.min(16 * to, n)]);
    const row = 64 * Math.ceil(n / 16);
    const tableBytes = 64 * Math.ceil((8 * (bins + 1)) / 64);
    this.#block = memory.take(4 * row + parts * (tableBytes + 64));
    const [values, labels, errors, slopes, tables] = [0, 1, 2, 3, 4].map((rows) => this.#block.start + rows * row);
    const places = { values, labels, errors, slopes, tables, tableBytes, ranges: tables + parts * tableBytes };
    this.#call = { memory: memory.memory, kind, bins, places };
    this.#memory = memory;
    this.#reading = reading;
  }

  /** The loss and gradient, the same to the bit as in place. Copies the input before it returns. */
  async compute(pool: Pool): Promise<ValueAndGrad> {
    const { input, out } = this.#reading;
    const { bins, places } = this.#call;
    const positives = this.#writeLabels();
    const values = this.#f32(places.values, input.length);
    await settledAll(
      this.#strips.map(([from, to], strip) => {
        values.set(input.subarray(from, to), from);
        return this.#run(pool, "binErrors", strip, 0);
      }),
    );
    const range = new Float64Array(this.#memory.memory.buffer, places.ranges, this.#strips.length).reduce((a, b) => Math.max(a, b));
    await settledAll(this.#strips.map((_, strip) => this.#run(pool, "binCounts", strip, range)));
    const value = tidy(() => {
      const table = binTable(bins, false);
      this.#addCounts(viewI32(table, 2 * bins + 2));
      const loss = kernels.weighBins(table, false, bins, range, positives, 1, 1, -1, 1, table);
      this.#f32(places.tables, 2 * bins + 2).set(viewF32(table, 2 * bins + 2));
      return Math.fround(loss);
    });
    const grad = out ?? new Float32Array(input.length);
    await settledAll(
      this.#strips.map(async ([from, to], strip) => {
        await this.#run(pool, "binSlopes", strip, range);
        grad.set(this.#f32(places.slopes, input.length).subarray(from, to), from);
      }),
    );
    return { value, grad };
  }

  /** A copy of the input. */
  input(): Float32Array {
    return this.#f32(this.#call.places.values, this.#reading.input.length).slice();
  }

  /** Gives the memory back. */
  free(): void {
    this.#memory.give(this.#block);
  }

  #run(pool: Pool, kind: BinsTask["kind"], strip: number, range: number) {
    const [from, to] = this.#strips[strip];
    const seat = strip % pool.size;
    return pool.run({ kind, call: this.#call, strip, from, to, range, seat }, seat);
  }

  // returns how many are positive
  #writeLabels(): number {
    const { name, labels, input, options } = this.#reading;
    const count = input.length;
    return tidy(() => {
      const { pointer } = classMap(name, labels, { count, classes: 2, ignore: options.ignore });
      new Int32Array(this.#memory.memory.buffer, this.#call.places.labels, count).set(viewI32(pointer, count));
      return kernels.positiveMass(pointer, 0, 1, count);
    });
  }

  #addCounts(out: Int32Array): void {
    const { tables, tableBytes } = this.#call.places;
    out.fill(0);
    for (let strip = 0; strip < this.#strips.length; strip++) {
      const counts = new Int32Array(this.#memory.memory.buffer, tables + strip * tableBytes, out.length);
      for (let i = 0; i < out.length; i++) out[i] += counts[i];
    }
  }

  #f32(place: number, count: number): Float32Array {
    return new Float32Array(this.#memory.memory.buffer, place, count);
  }
}

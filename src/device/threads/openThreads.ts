// The threads device: calls spread over workers by image or by class.
import { LovaszError } from "../../errors.js";
import type { LabelArray } from "../../losses/labels.js";
import type { ValueAndGrad, ValueAndGradOptions } from "../../losses/valueAndGrad.js";
import { canShare, SharedMemory } from "../../wasm/sharedMemory.js";
import type { Device, Loss } from "../device.js";
import { type Engine, guarded } from "../guarded.js";
import * as inPlace from "../inPlace.js";
import type { ThreadsOptions } from "../options.js";
import { Heap } from "./heap.js";
import { nameOf } from "./losses.js";
import { classesToSpread, spread } from "./plan.js";
import { Pool } from "./pool.js";
import { type Reading, read } from "./reading.js";
import { hasSlabs, Slabs } from "./Slabs.js";
import { hasStrips, Strips } from "./Strips.js";
import { settledAll } from "./settled.js";

const LEAST = 16_384;

/** Opens the device. Rejects with `LovaszError` "device" where workers cannot be started. */
export async function openThreads(options: ThreadsOptions = {}): Promise<Device> {
  return guarded(await Threads.open(options));
}

/** How many threads run at once here. */
export async function coresOf(): Promise<number> {
  return globalThis.navigator?.hardwareConcurrency ?? (await coresOfNode());
}

// navigator came with Node 21
async function coresOfNode(): Promise<number> {
  const os = "node:os";
  const { availableParallelism } = (await import(/* webpackIgnore: true */ /* @vite-ignore */ os)) as typeof import("node:os");
  return availableParallelism();
}

/** Whether workers know this loss, and these options can be sent to them. */
export function canSend(loss: Loss, options: object | undefined): boolean {
  const { reduction, setFunction } = (options ?? {}) as { reduction?: unknown; setFunction?: unknown };
  return nameOf(loss) !== undefined && reduction !== "none" && typeof setFunction !== "function";
}

export class Threads implements Engine {
  readonly name = "threads";
  readonly #pool: Pool;
  readonly #heap: Heap;
  readonly #least: number;
  readonly #failed: ((error: LovaszError) => void) | null;
  // undefined before it is needed
  #memory: SharedMemory | null | undefined;

  private constructor(pool: Pool, heap: Heap, least: number, failed: ((error: LovaszError) => void) | null) {
    this.#pool = pool;
    this.#heap = heap;
    this.#least = least;
    this.#failed = failed;
  }

  /** With `failed`, calls that the workers cannot do run in place instead of rejecting, after it is told why. */
  static async open(options: ThreadsOptions, failed: ((error: LovaszError) => void) | null = null): Promise<Threads> {
    const { workers = Math.min(16, Math.max(1, await coresOf())), least = LEAST, worker } = options;
    return new Threads(await Pool.open(workers, worker), new Heap(canShare()), least, failed);
  }

  get info() {
    const { count, last } = this.#pool.replaced;
    return {
      runsOn: typeof Worker === "function" ? "Web Workers" : "worker threads",
      workers: this.#pool.size,
      memory: this.#heap.shared ? "shared" : "copied",
      replacedWorkers: count,
      ...(last === null ? {} : { lastDeath: last }),
    };
  }

  sends(loss: Loss, options: object | undefined): boolean {
    return canSend(loss, options);
  }

  async valueAndGrad(loss: Loss, input: Float32Array, labels: LabelArray, options: ValueAndGradOptions): Promise<ValueAndGrad> {
    const call = input.length >= this.#least ? read(loss, input, labels, options) : null;
    if (!call) return inPlace.valueAndGrad(loss, input, labels, options);
    const shared = this.#inShared(call);
    if (shared) return this.#byShared(loss, call, shared, options);
    return this.#heap.lend(async (lender) => {
      const { input: x, labels: y, weights } = call;
      const held = { ...call, input: lender.copy(x), labels: lender.copy(y), weights: weights && lender.copy(weights) };
      return this.#orInPlace(
        () => spread(held, this.#pool, lender),
        () => inPlace.valueAndGrad(loss, held.input, held.labels, options),
      );
    });
  }

  // how several workers compute a call in a memory that they share; null where they do not
  #inShared(call: Reading): ((memory: SharedMemory) => Slabs | Strips) | null {
    const parts = this.#pool.size;
    const byStrips = parts > 1 && hasStrips(call);
    const chosen = hasSlabs(call) ? classesToSpread(call, this.#pool) : null;
    if (!(byStrips || chosen) || !this.#sharedMemory()) return null;
    return (memory) => (chosen ? new Slabs(call, chosen, memory, parts) : new Strips(call, memory, parts));
  }

  async #byShared(
    loss: Loss,
    call: Reading,
    place: (memory: SharedMemory) => Slabs | Strips,
    options: ValueAndGradOptions,
  ): Promise<ValueAndGrad> {
    let shared = null as Slabs | Strips | null;
    const labels = call.labels.slice();
    try {
      return await this.#orInPlace(
        () => {
          shared = place(this.#memory as SharedMemory);
          return shared.compute(this.#pool);
        },
        () => inPlace.valueAndGrad(loss, shared?.input() ?? call.input, labels, options),
      );
    } finally {
      shared?.free();
    }
  }

  // what the workers refuse, in place; what they fail, there too, if somebody is to be told
  async #orInPlace<T>(run: () => Promise<T>, own: () => T): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof LovaszError)) throw error;
      const isRefusal = error.code !== "memory" && error.code !== "device";
      if (!isRefusal && !this.#failed) throw error;
      if (!isRefusal) this.#failed?.(error);
      // a part knows no place in the whole: of what is refused, the loss itself says where it is
      return own();
    }
  }

  // where it cannot be had, calls do without
  #sharedMemory(): SharedMemory | null {
    if (this.#memory === undefined) {
      try {
        this.#memory = this.#heap.shared ? SharedMemory.open() : null;
      } catch {
        this.#memory = null;
      }
    }
    return this.#memory;
  }

  async sort(values: Float32Array, descending: boolean): Promise<Float32Array> {
    if (values.length < this.#least) return inPlace.sort(values, descending);
    return this.#heap.lend(async (lender) => {
      const copy = lender.copy(values);
      return this.#orInPlace(
        () => this.#sortByParts(copy, descending),
        () => inPlace.sort(copy, descending),
      );
    });
  }

  async #sortByParts(values: Float32Array, descending: boolean): Promise<Float32Array> {
    const parts = this.#pool.size;
    const tasks = Array.from({ length: parts }, (_, part) => this.#pool.run({ kind: "sort", values, descending, part, parts }, part));
    const sorted = new Float32Array(values.length);
    let at = 0;
    for (const { array } of await settledAll(tasks)) {
      sorted.set(array as Float32Array, at);
      at += (array as Float32Array).length;
    }
    return sorted;
  }

  // one reading of memory: to hand it over costs more than it takes
  async cumsum(values: Float32Array): Promise<Float32Array> {
    return inPlace.cumsum(values);
  }

  async close(): Promise<void> {
    await this.#pool.close();
    this.#memory?.close();
    this.#memory = null;
  }
}

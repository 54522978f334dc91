// The threads device: calls spread over workers by image or by class.
import { LovaszError } from "../../errors.js";
import type { Labels } from "../../losses/labels.js";
import type { ValueAndGrad, ValueAndGradOptions } from "../../losses/valueAndGrad.js";
import { integer } from "../../options.js";
import type { Device, Loss } from "../device.js";
import { type Engine, guarded } from "../guarded.js";
import * as inPlace from "../inPlace.js";
import { Heap } from "./heap.js";
import { nameOf } from "./losses.js";
import { spread } from "./plan.js";
import { Pool } from "./pool.js";
import { read } from "./reading.js";
import { settledAll } from "./settled.js";
import { canShare } from "./spawn.js";

export interface ThreadsOptions {
  /** How many workers. Default: as many as the machine has cores, at most 16. */
  workers?: number;
  /** The fewest numbers of an input that are worth a worker; smaller calls run in place. Default 16,384. */
  least?: number;
  /** The script of the workers. Default: worker.js beside this one, where the package and bundlers put it. */
  worker?: string | URL;
}

/** Names of the options above. */
export const THREADS_OPTIONS = ["workers", "least", "worker"] as const;

const LEAST = 16_384;

/** Opens the device. Rejects with `LovaszError` "device" where workers cannot be started. */
export async function openThreads(options: ThreadsOptions = {}): Promise<Device> {
  const call = 'openDevice("threads")';
  const cores = globalThis.navigator?.hardwareConcurrency ?? (await coresOfNode());
  const workers = integer(call, "workers", options.workers, Math.min(16, Math.max(1, cores)), 1, 256);
  const least = integer(call, "least", options.least, LEAST, 0);
  const pool = await Pool.open(workers, options.worker);
  return guarded(new Threads(pool, new Heap(canShare()), least));
}

// navigator came with Node 21
async function coresOfNode(): Promise<number> {
  const os = "node:os";
  const { availableParallelism } = (await import(/* webpackIgnore: true */ /* @vite-ignore */ os)) as typeof import("node:os");
  return availableParallelism();
}

class Threads implements Engine {
  readonly name = "threads";
  readonly #pool: Pool;
  readonly #heap: Heap;
  readonly #least: number;

  constructor(pool: Pool, heap: Heap, least: number) {
    this.#pool = pool;
    this.#heap = heap;
    this.#least = least;
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
    const { reduction, setFunction } = (options ?? {}) as { reduction?: unknown; setFunction?: unknown };
    return nameOf(loss) !== undefined && reduction !== "none" && typeof setFunction !== "function";
  }

  async valueAndGrad(loss: Loss, input: Float32Array, labels: Labels, options: ValueAndGradOptions = {}): Promise<ValueAndGrad> {
    const call = input.length >= this.#least ? read(loss, input, labels, options) : null;
    if (!call) return inPlace.valueAndGrad(loss, input, labels, options);
    try {
      return await this.#heap.lend((lender) => spread(call, this.#pool, lender));
    } catch (error) {
      // a part knows no place in the whole: the loss itself says where the input is wrong
      const isRefusal = error instanceof LovaszError && error.code !== "memory" && error.code !== "device";
      if (isRefusal) inPlace.valueAndGrad(loss, input, labels, options);
      throw error;
    }
  }

  async sort(values: Float32Array, descending: boolean): Promise<Float32Array> {
    const parts = this.#pool.size;
    if (values.length < this.#least) return inPlace.sort(values, descending);
    return this.#heap.lend(async (lender) => {
      const copy = lender.copy(values);
      const tasks = Array.from({ length: parts }, (_, part) =>
        this.#pool.run({ kind: "sort", values: copy, descending, part, parts }, part),
      );
      const outcomes = await settledAll(tasks);
      const sorted = new Float32Array(values.length);
      let at = 0;
      for (const { array } of outcomes) {
        sorted.set(array as Float32Array, at);
        at += (array as Float32Array).length;
      }
      return sorted;
    });
  }

  // one reading of memory: to hand it over costs more than it takes
  async cumsum(values: Float32Array): Promise<Float32Array> {
    return inPlace.cumsum(values);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

// The threads device: calls spread over workers by image or by class.
import { LovaszError } from "../../errors.js";
import type { Labels } from "../../losses/labels.js";
import type { ValueAndGrad, ValueAndGradOptions } from "../../losses/valueAndGrad.js";
import { integer, isPlain } from "../../options.js";
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
  // the loss itself refuses them, unless a copy makes them look empty
  if (!isPlain(options ?? {})) return false;
  const { reduction, setFunction } = (options ?? {}) as { reduction?: unknown; setFunction?: unknown };
  return nameOf(loss) !== undefined && reduction !== "none" && typeof setFunction !== "function";
}

export class Threads implements Engine {
  readonly name = "threads";
  readonly #pool: Pool;
  readonly #heap: Heap;
  readonly #least: number;
  readonly #failed: ((error: LovaszError) => void) | null;

  private constructor(pool: Pool, heap: Heap, least: number, failed: ((error: LovaszError) => void) | null) {
    this.#pool = pool;
    this.#heap = heap;
    this.#least = least;
    this.#failed = failed;
  }

  /** With `failed`, calls that the workers cannot do run in place instead of rejecting, after it is told why. */
  static async open(options: ThreadsOptions, failed: ((error: LovaszError) => void) | null = null): Promise<Threads> {
    const call = 'openDevice("threads")';
    const workers = integer(call, "workers", options.workers, Math.min(16, Math.max(1, await coresOf())), 1, 256);
    const least = integer(call, "least", options.least, LEAST, 0);
    return new Threads(await Pool.open(workers, options.worker), new Heap(canShare()), least, failed);
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

  async valueAndGrad(loss: Loss, input: Float32Array, labels: Labels, options: ValueAndGradOptions = {}): Promise<ValueAndGrad> {
    const call = (input?.length ?? 0) >= this.#least ? read(loss, input, labels, options) : null;
    if (!call) return inPlace.valueAndGrad(loss, input, labels, options);
    return this.#heap.lend(async (lender) => {
      const { input: x, labels: y, weights } = call;
      const held = { ...call, input: lender.copy(x), labels: lender.copy(y), weights: weights && lender.copy(weights) };
      try {
        return await spread(held, this.#pool, lender);
      } catch (error) {
        if (!(error instanceof LovaszError)) throw error;
        const isRefusal = error.code !== "memory" && error.code !== "device";
        if (!isRefusal && !this.#failed) throw error;
        if (!isRefusal) this.#failed?.(error);
        // a part knows no place in the whole: of what is refused, the loss itself says where it is
        return inPlace.valueAndGrad(loss, held.input, held.labels, options);
      }
    });
  }

  async sort(values: Float32Array, descending: boolean): Promise<Float32Array> {
    if (values.length < this.#least) return inPlace.sort(values, descending);
    return this.#heap.lend(async (lender) => {
      const copy = lender.copy(values);
      try {
        return await this.#sortByParts(copy, descending);
      } catch (error) {
        if (!(error instanceof LovaszError && this.#failed)) throw error;
        this.#failed(error);
        return inPlace.sort(copy, descending);
      }
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

  close(): Promise<void> {
    return this.#pool.close();
  }
}

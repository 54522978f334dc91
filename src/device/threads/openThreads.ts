// The device "threads": calls are cut into tasks for a pool of workers. Where to read on:
//
//   partition/   how a call is cut: the ways to cut it, of which the first that applies is taken
//   memory/      where the bytes lie that workers share, and the queues in it
//   pool/        the workers, and what happens when one dies (Slot.ts)
//   steps/       what a worker does with a task
import { LovaszError } from "../../errors.js";
import type { LabelArray } from "../../losses/labels.js";
import type { ValueAndGrad, ValueAndGradOptions } from "../../losses/valueAndGrad.js";
import { canShare, SharedMemory } from "../../wasm/sharedMemory.js";
import type { Device, Loss } from "../device.js";
import { type Engine, guarded } from "../guarded.js";
import * as local from "../local.js";
import type { ThreadsOptions } from "../options.js";
import { type Call, readCall } from "./call.js";
import { coresOf } from "./cores.js";
import { nameOf } from "./losses.js";
import { Heap } from "./memory/Heap.js";
import { classes } from "./partition/classes.js";
import { images } from "./partition/images.js";
import type { Partition, Plan, Resources } from "./partition/partition.js";
import { slabs } from "./partition/slabs.js";
import { sortRanges } from "./partition/sortRanges.js";
import { strips } from "./partition/strips.js";
import { whole } from "./partition/whole.js";
import { Pool } from "./pool/Pool.js";

const PARTITIONS: readonly Partition[] = [slabs, strips, classes, images, whole];

const LEAST = 16_384;

/** Opens the device. Rejects with `LovaszError` "device" where workers cannot be started. */
export async function openThreads(options: ThreadsOptions = {}): Promise<Device> {
  return guarded(await Threads.open(options));
}

/** Whether workers know this loss, and these options can be sent to them. */
export function canSend(loss: Loss, options: object | undefined): boolean {
  const { reduction, setFunction } = (options ?? {}) as { reduction?: unknown; setFunction?: unknown };
  return nameOf(loss) !== undefined && reduction !== "none" && typeof setFunction !== "function";
}

type OnFailure = (error: LovaszError) => void;

export class Threads implements Engine, Resources {
  readonly name = "threads";
  readonly pool: Pool;
  readonly heap: Heap;
  readonly #least: number;
  readonly #onFailure: OnFailure | null;
  // undefined until a call needs it
  #memory: SharedMemory | null | undefined;

  private constructor(pool: Pool, heap: Heap, least: number, onFailure: OnFailure | null) {
    this.pool = pool;
    this.heap = heap;
    this.#least = least;
    this.#onFailure = onFailure;
  }

  /** With `onFailure`, calls that the workers fail run on this thread instead of rejecting, after it is told why. */
  static async open(options: ThreadsOptions, onFailure: OnFailure | null = null): Promise<Threads> {
    const { workers = Math.min(16, Math.max(1, await coresOf())), least = LEAST, worker } = options;
    return new Threads(await Pool.open('openDevice("threads")', workers, worker?.toString()), new Heap(canShare()), least, onFailure);
  }

  get info() {
    const { count, last } = this.pool.replaced;
    return {
      runsOn: typeof Worker === "function" ? "Web Workers" : "worker threads",
      workers: this.pool.size,
      memory: this.heap.shared ? "shared" : "copied",
      replacedWorkers: count,
      ...(last === null ? {} : { lastDeath: last }),
    };
  }

  /** See `Resources`. */
  get memory(): SharedMemory | null {
    if (this.#memory === undefined) {
      try {
        this.#memory = this.heap.shared ? SharedMemory.open() : null;
      } catch {
        this.#memory = null;
      }
    }
    return this.#memory;
  }

  sends(loss: Loss, options: object | undefined): boolean {
    return canSend(loss, options);
  }

  async valueAndGrad(loss: Loss, input: Float32Array, labels: LabelArray, options: ValueAndGradOptions): Promise<ValueAndGrad> {
    const call = input.length >= this.#least ? readCall(loss, input, labels, options) : null;
    const partition = call && PARTITIONS.find((one) => one.applies(call, this));
    if (!partition) return local.valueAndGrad(loss, input, labels, options);
    let plan = null as Plan | null;
    const held = (): Pick<Call, "input" | "labels"> => plan?.held() ?? call;
    try {
      return await this.#orInPlace(
        () => {
          plan = partition.plan(call, this);
          return plan.run();
        },
        () => local.valueAndGrad(loss, held().input, held().labels, options),
      );
    } finally {
      plan?.free();
    }
  }

  async sort(values: Float32Array, descending: boolean): Promise<Float32Array> {
    if (values.length < this.#least) return local.sort(values, descending);
    const loan = this.heap.lend();
    try {
      const copy = loan.copy(values);
      return await this.#orInPlace(
        () => sortRanges(copy, descending, this.pool),
        () => local.sort(copy, descending),
      );
    } finally {
      loan.end();
    }
  }

  // the scan reads memory once: to hand the values over would take longer
  async cumsum(values: Float32Array): Promise<Float32Array> {
    return local.cumsum(values);
  }

  async close(): Promise<void> {
    await this.pool.close();
    this.#memory?.close();
    this.#memory = null;
  }

  // What the workers refuse is refused on this thread, where the loss can say which number of the input is wrong. What they fail is computed
  // on this thread if there is somebody to tell.
  async #orInPlace<T>(byWorkers: () => Promise<T>, own: () => T): Promise<T> {
    try {
      return await byWorkers();
    } catch (error) {
      if (!(error instanceof LovaszError)) throw error;
      const isFailure = error.code === "memory" || error.code === "device";
      if (isFailure && !this.#onFailure) throw error;
      if (isFailure) this.#onFailure?.(error);
      return own();
    }
  }
}

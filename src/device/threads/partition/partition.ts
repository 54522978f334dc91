// How a call is cut into tasks for the workers. Each other file of this folder is one way to cut; openThreads.ts takes the first that
// applies:
//
//   slabs     lovaszSoftmax of logits, all images as one group: slabs of pixels, then classes, in memory that the workers share
//   strips    a histogram of one image: strips of pixels, in memory that the workers share
//   classes   lovaszSoftmax of one group otherwise: each worker takes some of the classes
//   images    the mean of the losses of several images: each worker takes some of the images
//   whole     all else: one worker takes the whole call
import type { ValueAndGrad } from "../../../losses/valueAndGrad.js";
import type { SharedMemory } from "../../../wasm/sharedMemory.js";
import type { Call } from "../call.js";
import type { Heap } from "../memory/Heap.js";
import type { Pool } from "../pool/Pool.js";

/** What partitions work with. */
export interface Resources {
  readonly pool: Pool;
  readonly heap: Heap;
  /** Memory that the cores of the workers share, opened when it is first asked for; null where it cannot be had. */
  readonly memory: SharedMemory | null;
}

export interface Partition {
  /** Whether this call can be cut this way, and gains by it. */
  applies(call: Call, resources: Resources): boolean;
  /** Takes memory for the call. Throws `LovaszError` "memory", or what the loss would refuse. */
  plan(call: Call, resources: Resources): Plan;
}

/** One call, cut. */
export interface Plan {
  /**
   * Computes the loss and gradient. Reads the caller's arguments before it returns its promise, and writes `out` only once nothing
   * can fail any more.
   */
  run(): Promise<ValueAndGrad>;
  /** The input and labels as they were when `run` was called. */
  held(): Pick<Call, "input" | "labels">;
  /** Gives the memory back. */
  free(): void;
}

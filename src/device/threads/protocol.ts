// What the calling thread and its workers say to each other. Arrays lie in shared memory where there is any. Elsewhere they are copied
// on the way to the worker and transferred on the way back, and `into` is null.
import type { LovaszErrorCode } from "../../errors.js";
import type { Attendance } from "../../wasm/team.js";
import type { LossName } from "./losses.js";
import type { SlabExtents, SlabOffsets, StripOffsets } from "./memory/layout.js";

/** Compute the value and gradient of a loss, times `factor`. */
export interface LossTask {
  kind: "loss";
  loss: LossName;
  input: Float32Array;
  labels: ArrayLike<number>;
  options: object;
  factor: number;
  /** Where the input is some of the images of a batch whose mean is taken: how many images the batch has. */
  images: number | null;
  /** Where to write the gradient. */
  into: Float32Array | null;
}

/** Sort the values that lie in one of several ranges, the one of that index. */
export interface SortTask {
  kind: "sort";
  values: Float32Array;
  descending: boolean;
  range: number;
  ranges: number;
}

/** A softmax loss that is cut into slabs; see memory/layout.ts. */
export interface SlabsCall extends SlabExtents {
  memory: WebAssembly.Memory;
  memoryId: string;
  /** The factor on the loss of each class in the order. */
  factors: readonly number[];
  offsets: SlabOffsets;
  scratchBytes: number;
}

/** Do one step of it, for as many items of the step's queue as the worker gets. */
export interface SlabsTask {
  kind: "slabProbabilities" | "classLosses" | "slabGradients";
  call: SlabsCall;
  workerIndex: number;
}

/** An image whose errors are counted in strips; see memory/layout.ts. */
export interface StripsCall {
  memory: WebAssembly.Memory;
  memoryId: string;
  /** What the errors are, see KIND of losses/method.ts. */
  kind: number;
  bins: number;
  offsets: StripOffsets;
  tableBytes: number;
}

/** Do one step of it, for the pixels `from` to before `to`. */
export interface StripsTask {
  kind: "stripErrors" | "stripCounts" | "stripGradient";
  call: StripsCall;
  strip: number;
  from: number;
  to: number;
  /** All errors are below; known from the second step on. */
  range: number;
  workerIndex: number;
}

export type Task = LossTask | SortTask | SlabsTask | StripsTask;

/** What a task yields. */
export interface Outcome {
  value: number;
  /** The gradient, or sorted values, where they were not written `into` shared memory. */
  array: Float32Array | null;
  /** What each image adds to the mean of the batch; see `Part` of losses/part.ts. */
  shares: readonly number[];
}

export interface Request {
  id: number;
  task: Task;
}

/** Do units of the jobs in that memory, until dismissed: see src/wasm/job.ts. There is no answer. */
export interface Summons {
  attend: Attendance & { thread: number };
}

/** The answer to a request; or, before that, an item of its queue that is done. */
export type Reply =
  | { id: number; outcome: Outcome }
  | { id: number; error: { code: LovaszErrorCode | null; message: string } }
  | { id: number; done: number };

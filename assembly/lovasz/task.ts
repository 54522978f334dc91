// What the Lovász kernels are given: one struct instead of a long list of arguments. TypeScript writes it by the offsets that index.ts
// exports (src/losses/task.ts).

/** Pointers, sizes and options of one loss. A pointer of 0 stands for nothing. */
// @ts-ignore: decorator
@unmanaged
export class Task {
  /** f32: the logits, probabilities or errors [n] of a binary task; the logits [images, classes, pixels] of a softmax, or 0. */
  values: usize = 0;
  /** i32 [images, pixels]: 1, 0 or -1 (ignored) of a binary task, else the class or -1. */
  labels: usize = 0;
  /** f32: the weight of each pixel, or 0 where each weighs 1. */
  weights: usize = 0;
  /** f32 [images, pixels]: receives `scale` times the gradient. */
  gradient: usize = 0;
  /** u64: n + 2 records, and scratch for as many. */
  records: usize = 0;
  scratch: usize = 0;
  /** COUNTER_BYTES. */
  counters: usize = 0;
  /**
   * u32 [images, classes, pixels]: the keys of errors (errors/key.ts), or their bin addresses (histogram/bins.ts). The keys of a binary
   * task lie in `scratch`.
   */
  keys: usize = 0;
  /** f32, tile by tile: [tiles, classes, pixels of a tile], see errors/tile.ts. */
  probabilities: usize = 0;
  /** f32 [classes, pixels]: receives the gradient by the logits. */
  logitGradient: usize = 0;
  /** The table of `bins` bins that bin addresses address. */
  table: usize = 0;
  /** Of a softmax [images, pixels], see errors/softmaxKeys.ts. */
  otherSums: usize = 0;
  argmax: usize = 0;
  /** Planes of `pixels` pixels which are one set of n = images * pixels, and how many classes lie in each image. */
  images: u32 = 1;
  classes: u32 = 1;
  pixels: u32 = 0;
  /** The positive class. */
  positive: i32 = 1;
  bins: u32 = 0;
  /** Bytes from class to class of `gradient` where that holds the gradients of all classes by their probabilities. */
  stride: u32 = 0;
  /** The set function, see scan/weights.ts: 1 and 1 for Jaccard. */
  alpha: f64 = 1;
  beta: f64 = 1;
  scale: f64 = 1;
}

export const TASK_VALUES: usize = offsetof<Task>("values");
export const TASK_LABELS: usize = offsetof<Task>("labels");
export const TASK_WEIGHTS: usize = offsetof<Task>("weights");
export const TASK_GRADIENT: usize = offsetof<Task>("gradient");
export const TASK_RECORDS: usize = offsetof<Task>("records");
export const TASK_SCRATCH: usize = offsetof<Task>("scratch");
export const TASK_COUNTERS: usize = offsetof<Task>("counters");
export const TASK_KEYS: usize = offsetof<Task>("keys");
export const TASK_PROBABILITIES: usize = offsetof<Task>("probabilities");
export const TASK_LOGIT_GRADIENT: usize = offsetof<Task>("logitGradient");
export const TASK_TABLE: usize = offsetof<Task>("table");
export const TASK_BINS: usize = offsetof<Task>("bins");
export const TASK_STRIDE: usize = offsetof<Task>("stride");
export const TASK_OTHER_SUMS: usize = offsetof<Task>("otherSums");
export const TASK_ARGMAX: usize = offsetof<Task>("argmax");
export const TASK_IMAGES: usize = offsetof<Task>("images");
export const TASK_CLASSES: usize = offsetof<Task>("classes");
export const TASK_PIXELS: usize = offsetof<Task>("pixels");
export const TASK_POSITIVE: usize = offsetof<Task>("positive");
export const TASK_ALPHA: usize = offsetof<Task>("alpha");
export const TASK_BETA: usize = offsetof<Task>("beta");
export const TASK_SCALE: usize = offsetof<Task>("scale");
export const TASK_BYTES: usize = offsetof<Task>();

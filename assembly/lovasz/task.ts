// What the Lovász kernels are given: one struct instead of a long list of arguments. TypeScript writes it by the offsets that index.ts
// exports (src/losses/task.ts). What a kernel needs for itself it is given as one block, a room, as each thread has its own.

import { COUNTER_BYTES } from "../sort/radix";

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
  /** f32: takes the place of `gradient` where there is a `stride` from image to image. */
  target: usize = 0;
  /** In the room: u64, n + 2 records, and scratch for as many; COUNTER_BYTES. */
  records: usize = 0;
  scratch: usize = 0;
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
  /** Bytes from class to class of `values`, `keys` and `logitGradient`, where these are some of the pixels of an image. */
  plane: u32 = 0;
  /** The positive class. */
  positive: i32 = 1;
  bins: u32 = 0;
  /** Bytes from class to class of `gradient` where that holds the gradients of all classes by their probabilities; else, see `target`. */
  stride: u32 = 0;
  /** The set function, see scan/weights.ts: 1 and 1 for Jaccard. */
  alpha: f64 = 1;
  beta: f64 = 1;
  scale: f64 = 1;
}

/** The bytes of a room for `n` pixels: records, scratch for them, counters and a plane of gradients. */
export function roomBytes(n: u32): f64 {
  return 2 * (8 * (n as f64) + 64) + (COUNTER_BYTES as f64) + 4 * (n as f64) + 16;
}

// The room for `n` pixels, from its records on.

export function scratchOf(n: u32, room: usize): usize {
  return room + ((n as usize) << 3) + 64;
}

export function countersOf(n: u32, room: usize): usize {
  return scratchOf(n, scratchOf(n, room));
}

export function planeOf(n: u32, room: usize): usize {
  return countersOf(n, room) + COUNTER_BYTES;
}

/** The task, with a room for `n` pixels; until the next call. */
export function withRoom(pointer: usize, n: u32, room: usize): Task {
  memory.copy(changetype<usize>(own), pointer, offsetof<Task>());
  own.records = room;
  own.scratch = scratchOf(n, room);
  own.counters = countersOf(n, room);
  return own;
}

const own = changetype<Task>(memory.data(offsetof<Task>(), 16));

export const TASK_VALUES: usize = offsetof<Task>("values");
export const TASK_LABELS: usize = offsetof<Task>("labels");
export const TASK_WEIGHTS: usize = offsetof<Task>("weights");
export const TASK_GRADIENT: usize = offsetof<Task>("gradient");
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
export const TASK_PLANE: usize = offsetof<Task>("plane");
export const TASK_TARGET: usize = offsetof<Task>("target");
export const TASK_PIXELS: usize = offsetof<Task>("pixels");
export const TASK_POSITIVE: usize = offsetof<Task>("positive");
export const TASK_ALPHA: usize = offsetof<Task>("alpha");
export const TASK_BETA: usize = offsetof<Task>("beta");
export const TASK_SCALE: usize = offsetof<Task>("scale");
export const TASK_BYTES: usize = offsetof<Task>();

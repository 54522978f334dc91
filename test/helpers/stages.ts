// The stages of the Lovász kernels one by one, in a binary of their own (assembly/stages.ts).
import { readFileSync } from "node:fs";
import { type Task, writeTask } from "../../src/losses/task.js";

type Stages = Awaited<ReturnType<typeof import("../../build/stages.js")["instantiate"]>>;

const binary = readFileSync(new URL("../../build/stages.wasm", import.meta.url));

/** An instance of its own for each test file. */
export const stages = new WebAssembly.Instance(new WebAssembly.Module(binary), {}).exports as unknown as Stages;

const buffer = () => stages.memory.buffer;

/** Memory for `bytes` bytes; it is never freed. */
export const room = (bytes: number): number => stages.allocate(Math.max(bytes, 16)) >>> 0;

export const f32 = (pointer: number, n: number): Float32Array => new Float32Array(buffer(), pointer, n);
export const u32 = (pointer: number, n: number): Uint32Array => new Uint32Array(buffer(), pointer, n);
export const i8 = (pointer: number, n: number): Int8Array => new Int8Array(buffer(), pointer, n);

/** Pointers to copies of the values. */
export const putF32 = (values: ArrayLike<number>, spare = 4): number => {
  const pointer = room(4 * (values.length + spare));
  f32(pointer, values.length).set(values);
  return pointer;
};

export const putU32 = (values: ArrayLike<number>): number => {
  const pointer = room(4 * values.length);
  u32(pointer, values.length).set(values);
  return pointer;
};

export const putI8 = (values: ArrayLike<number>): number => {
  const pointer = room(values.length + 16);
  i8(pointer, values.length).set(values);
  return pointer;
};

export const putF64 = (values: ArrayLike<number>): number => {
  const pointer = room(8 * values.length);
  new Float64Array(buffer(), pointer, values.length).set(values);
  return pointer;
};

type Room = { records: number; scratch: number; counters: number };

export const putTask = ({ records = 0, scratch = 0, counters = 0, ...fields }: Partial<Task & Room>): number => {
  const pointer = room(256);
  const view = new DataView(buffer());
  writeTask(view, pointer, fields);
  view.setUint32(pointer + stages.TASK_RECORDS.value, records, true);
  view.setUint32(pointer + stages.TASK_SCRATCH.value, scratch, true);
  view.setUint32(pointer + stages.TASK_COUNTERS.value, counters, true);
  return pointer;
};

/** Scratch for the sort of `n` records: two of records, and counters. */
export const sortScratch = (n: number): [records: number, scratch: number, counters: number] => [
  room(8 * (n + 4)),
  room(8 * (n + 4)),
  room(stages.COUNTER_BYTES.value),
];

/** What the records of margins from `pointer` on say. */
export function marginRecords(pointer: number, n: number): { margin: number; pixel: number; label: number }[] {
  const mask = stages.pixelMask(stages.packedBits()) >>> 0;
  const words = u32(pointer, 2 * n);
  const margins = f32(pointer, 2 * n);
  return Array.from({ length: n }, (_, i) => ({
    margin: margins[2 * i + 1],
    pixel: (words[2 * i] & mask) >>> 2,
    label: words[2 * i] & 1,
  }));
}

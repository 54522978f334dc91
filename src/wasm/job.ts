// A job: one kernel, called once for each of several units of work, by whichever thread takes a unit. It lies in shared memory, where the
// calling thread writes it and the workers read it:
//
//   words     i32 [16 + UNITS]            see the constants below; then, for each unit, whether it is done
//   results   f64 [UNITS]                 what the kernel returned
//   values    f64 [UNITS, MOST_ARGUMENTS] what it is called with
//
// A unit is taken by a compare-and-swap of the generation and of how many units are left, both in one word: a thread that is late can take
// no unit of a job that it has not seen.
import type { Kernels } from "./core.js";

/** The generation of the job, and how many of its units nobody has taken. */
export const STATE = 0;
/** How many units are done. */
export const DONE = 1;
/** Whether the calling thread sleeps until all are. */
export const CALLER_SLEEPS = 2;
/** How many workers sleep until there is another job. */
export const SLEEPERS = 3;
/** Workers attend until this number changes. */
export const ATTENDANCE = 4;
/** The kernel, by its place in the list of functions; how many units; the arguments of each. */
export const KERNEL = 5;
export const COUNT = 6;
export const ARGUMENTS = 7;
/** Which argument points to memory of the thread's own, or -1; that of thread 0, and the bytes from one thread's to the next. */
export const SCRATCH = 8;
export const SCRATCH_START = 9;
export const SCRATCH_BYTES = 10;
const IS_DONE = 16;

/** At most so many units are in a job, and arguments in a call. */
export const UNITS = 512;
const MOST_ARGUMENTS = 12;

const LEFT_BITS = 10;
const LEFT = 2 ** LEFT_BITS - 1;

/** Offers the units of another job, whose arguments are written. */
export function offer(words: Int32Array, units: number): void {
  Atomics.store(words, STATE, (((Atomics.load(words, STATE) >>> LEFT_BITS) + 1) << LEFT_BITS) | units);
}

/** The bytes of a job. */
export const JOB_BYTES = 4 * (IS_DONE + UNITS) + 8 * UNITS * (1 + MOST_ARGUMENTS);

type Function = (...values: number[]) => number;

/** The job at `pointer`, as a thread of that number sees it. Thread 0 is the calling one. */
export class Job {
  readonly words: Int32Array;
  readonly #results: Float64Array;
  readonly #values: Float64Array;
  readonly #functions: readonly Function[];
  readonly #thread: number;

  constructor(core: Kernels, pointer: number, thread: number) {
    const { buffer } = core.memory;
    this.words = new Int32Array(buffer, pointer, IS_DONE + UNITS);
    this.#results = new Float64Array(buffer, pointer + this.words.byteLength, UNITS);
    this.#values = new Float64Array(buffer, pointer + this.words.byteLength + this.#results.byteLength, UNITS * MOST_ARGUMENTS);
    this.#functions = functionsOf(core).map((name) => core[name as keyof Kernels] as unknown as Function);
    this.#thread = thread;
  }

  /** Writes the arguments of a unit. */
  write(unit: number, values: readonly number[]): void {
    for (let i = 0; i < values.length; i++) this.#values[unit * MOST_ARGUMENTS + i] = values[i];
    this.words[IS_DONE + unit] = 0;
  }

  /** Takes a unit, or -1 where none is left. */
  take(): number {
    for (;;) {
      const state = Atomics.load(this.words, STATE);
      const left = state & LEFT;
      if (left === 0) return -1;
      if (Atomics.compareExchange(this.words, STATE, state, state - 1) === state) return this.words[COUNT] - left;
    }
  }

  /** Takes all units that are left, and returns how many. */
  withdraw(): number {
    for (;;) {
      const state = Atomics.load(this.words, STATE);
      const left = state & LEFT;
      if (Atomics.compareExchange(this.words, STATE, state, state - left) === state) return left;
    }
  }

  /** Does a unit that was taken. */
  perform(unit: number): void {
    const { words } = this;
    const from = unit * MOST_ARGUMENTS;
    const values = [...this.#values.subarray(from, from + words[ARGUMENTS])];
    if (words[SCRATCH] >= 0) values[words[SCRATCH]] = (words[SCRATCH_START] >>> 0) + this.#thread * (words[SCRATCH_BYTES] >>> 0);
    this.#results[unit] = this.#functions[words[KERNEL]](...values);
    Atomics.store(words, IS_DONE + unit, 1);
    Atomics.add(words, DONE, 1);
  }

  /** Whether a unit is done. */
  isDone(unit: number): boolean {
    return Atomics.load(this.words, IS_DONE + unit) === 1;
  }

  /** What the kernel returned for a unit. */
  resultOf(unit: number): number {
    return this.#results[unit];
  }
}

/** The names of the kernels, in an order that is the same in all threads. */
export const functionsOf = (core: Kernels): string[] =>
  Object.entries(core)
    .filter(([, value]) => typeof value === "function")
    .map(([name]) => name);

/** A worker attends to a job: it does units, and sleeps while there are none, until it is dismissed. */
export function attend(job: Job, attendance: number): void {
  const { words } = job;
  for (;;) {
    const state = Atomics.load(words, STATE);
    if (Atomics.load(words, ATTENDANCE) !== attendance) return;
    const unit = job.take();
    if (unit < 0) {
      Atomics.add(words, SLEEPERS, 1);
      Atomics.wait(words, STATE, state);
      Atomics.sub(words, SLEEPERS, 1);
      continue;
    }
    job.perform(unit);
    if (Atomics.load(words, DONE) === words[COUNT] && Atomics.load(words, CALLER_SLEEPS) === 1) Atomics.notify(words, DONE);
  }
}

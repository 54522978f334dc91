// The calling thread and its workers, on one memory. The calling thread works, too; it waits only for units that workers have taken.
import { LovaszError } from "../errors.js";
import { Backoff } from "./backoff.js";
import { kernels, shareMemory } from "./instance.js";
import * as job from "./job.js";
import { scratch } from "./memory.js";

/** What a worker is told of the jobs that it is to attend to. */
export interface Attendance {
  memory: WebAssembly.Memory;
  /** No two memories have the same. */
  memoryId: string;
  /** A pointer to the job, and until which change of its word ATTENDANCE the worker attends. */
  pointer: number;
  attendance: number;
}

/** The workers of a team, as whoever starts them hands them over. */
export interface Workers {
  readonly count: number;
  /** Has each of them attend; one that has just been started in the place of another, too. */
  attend(what: Attendance): void;
  /** Ends them, wherever they are, and has others started. */
  restart(): void;
}

/** Memory of which each thread gets so many bytes, given to a kernel as argument number `argument`. */
export interface Scratch {
  argument: number;
  bytes: number;
}

interface Shared {
  memory: WebAssembly.Memory;
  id: string;
  /** Where the job lies. It is never freed: workers may look at it until they have ended. */
  pointer: number;
}

let memories = 0;
let shared: Shared | null = null;

function moveToNewMemory(): Shared {
  const memory = newMemory();
  memories += 1;
  const pointer = shared?.pointer ?? kernels.allocate(job.JOB_BYTES) >>> 0;
  if (!shared) new Uint8Array(memory.buffer, pointer, job.JOB_BYTES).fill(0);
  return { memory, id: `main ${memories}`, pointer };
}

function newMemory(): WebAssembly.Memory {
  try {
    return shareMemory();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause;
    throw new LovaszError("memory", `memory to share with other threads cannot be had: ${why}; use one thread, or less memory`, { cause });
  }
}

// How long the calling thread waits at a time, in milliseconds. It does without a worker that has been silent for so long, and for so many
// times as the longest of its own units took.
const WAIT = 50;
const LEAST_PATIENCE = 1000;
const PATIENCE = 20;
// where no unit of its own says how long one takes
const FIRST_PATIENCE = 10_000;

const canWait = () => {
  try {
    return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0) === "timed-out";
  } catch {
    return false;
  }
};

export class Team {
  readonly threads: number;
  readonly #workers: Workers;
  readonly #backoff = new Backoff();
  readonly #canWait = canWait();
  readonly #names: readonly string[];
  #job: job.Job;
  /** Whether the workers have been called, and not been dismissed. */
  #isAttended = false;
  /** Whether a worker may still write to this memory, as there was no room for another. */
  #isHaunted = false;

  /** Shares the memory, if it is not shared yet. Throws `LovaszError` "memory". */
  constructor(workers: Workers) {
    shared ??= moveToNewMemory();
    this.threads = workers.count + 1;
    this.#workers = workers;
    this.#names = job.functionsOf(kernels);
    this.#job = new job.Job(kernels, shared.pointer, 0);
  }

  /** Calls the kernel once for each list of arguments, in any order, and returns what it returned. */
  run(kernel: string, calls: readonly (readonly number[])[], own?: Scratch): number[] {
    if (!own) return this.#run(kernel, calls, -1, 0, 0);
    const bytes = 64 * Math.ceil(own.bytes / 64) + 64;
    return scratch([bytes * this.threads], (start) => this.#run(kernel, calls, own.argument, start, bytes));
  }

  #run(kernel: string, calls: readonly (readonly number[])[], ...own: readonly [number, number, number]): number[] {
    if (this.#isHaunted) this.#leaveMemory();
    const { words } = this.#job;
    words[job.KERNEL] = this.#names.indexOf(kernel);
    words[job.COUNT] = calls.length;
    words[job.ARGUMENTS] = calls[0].length;
    [words[job.SCRATCH], words[job.SCRATCH_START], words[job.SCRATCH_BYTES]] = own;
    calls.forEach((values, unit) => {
      this.#job.write(unit, values);
    });
    Atomics.store(words, job.DONE, 0);
    const start = performance.now();
    if (this.#backoff.isPaused(start)) {
      for (let unit = 0; unit < calls.length; unit++) this.#job.perform(unit);
    } else {
      this.#share(calls.length, start);
    }
    return calls.map((_, unit) => this.#job.resultOf(unit));
  }

  #share(units: number, start: number): void {
    const { words } = this.#job;
    if (!this.#isAttended) this.#summon();
    job.offer(words, units);
    if (Atomics.load(words, job.SLEEPERS) > 0) Atomics.notify(words, job.STATE);
    let [own, longest, worked] = [0, 0, start];
    for (let unit = this.#job.take(); unit >= 0; unit = this.#job.take()) {
      this.#perform(unit, units);
      own += 1;
      const now = performance.now();
      [longest, worked] = [Math.max(longest, now - worked), now];
    }
    const patience = own === 0 ? FIRST_PATIENCE : Math.max(LEAST_PATIENCE, PATIENCE * longest);
    if (!this.#join(units, patience)) this.#finishAlone(units);
    const end = performance.now();
    this.#backoff.add(end - start, own === 0 ? end - start : ((worked - start) * units) / own, end);
  }

  // Where a unit throws, as where the stack is full, its caller frees the memory of the others: so nobody may be working on them.
  #perform(unit: number, units: number): void {
    let isDone = false;
    try {
      this.#job.perform(unit);
      isDone = true;
    } finally {
      if (!isDone) {
        const taken = units - this.#job.withdraw();
        if (!this.#join(taken - 1, FIRST_PATIENCE)) this.#leaveMemory();
      }
    }
  }

  /** Lets the workers go, to do what they are sent messages for. The next job calls them back. Returns whether they had been called. */
  dismiss(): boolean {
    if (!this.#isAttended) return false;
    this.#isAttended = false;
    Atomics.add(this.#job.words, job.ATTENDANCE, 1);
    // wakes those that sleep
    job.offer(this.#job.words, 0);
    Atomics.notify(this.#job.words, job.STATE);
    return true;
  }

  #summon(): void {
    const { memory, id: memoryId, pointer } = shared as Shared;
    this.#isAttended = true;
    this.#workers.attend({ memory, memoryId, pointer, attendance: Atomics.load(this.#job.words, job.ATTENDANCE) });
  }

  // waits until so many units are done, for so many milliseconds without any news; returns whether they are
  #join(units: number, patience: number): boolean {
    const { words } = this.#job;
    const done = () => Atomics.load(words, job.DONE);
    if (this.#canWait) this.#sleep(units, done, patience);
    else this.#spin(units, done, patience);
    return done() >= units;
  }

  #sleep(units: number, done: () => number, patience: number): void {
    const { words } = this.#job;
    // Waits are counted, and not time: where the whole process was stopped for a while, that counts as one.
    let waits = 0;
    for (let before = done(); before < units && waits * WAIT < patience; before = done()) {
      Atomics.store(words, job.CALLER_SLEEPS, 1);
      const news = Atomics.wait(words, job.DONE, before, WAIT);
      waits = news === "timed-out" && done() === before ? waits + 1 : 0;
    }
    Atomics.store(words, job.CALLER_SLEEPS, 0);
  }

  // the main thread of a page must not sleep
  #spin(units: number, done: () => number, patience: number): void {
    let since = performance.now();
    for (let before = done(); before < units; ) {
      const [now, time] = [done(), performance.now()];
      if (now !== before) [before, since] = [now, time];
      else if (time - since > patience) {
        warnOnce();
        return;
      }
    }
  }

  // A worker that has not finished its unit is gone, or as good as gone.
  #finishAlone(units: number): void {
    // asked before the memory is copied: what a worker finishes meanwhile may be in the copy in part
    const missing = Array.from({ length: units }, (_, unit) => unit).filter((unit) => !this.#job.isDone(unit));
    this.#leaveMemory();
    for (const unit of missing) this.#job.perform(unit);
  }

  // A worker that is as good as gone may still write to its memory at any time: so that memory is left to it, and everything goes on in
  // a copy. Throws `LovaszError` "memory"; the next job tries again.
  #leaveMemory(): void {
    this.#isAttended = false;
    this.#isHaunted = true;
    this.#workers.restart();
    shared = moveToNewMemory();
    this.#isHaunted = false;
    this.#job = new job.Job(kernels, shared.pointer, 0);
    Atomics.store(this.#job.words, job.SLEEPERS, 0);
  }
}

let hasWarned = false;

function warnOnce(): void {
  if (!hasWarned) {
    console.warn(
      "lovasz: workers keep the main thread of this page waiting for seconds; training belongs into a worker (docs/howto/worker.md)",
    );
  }
  hasWarned = true;
}

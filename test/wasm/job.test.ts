import { describe, expect, test } from "vitest";
import { coreBinary, coreOn, LEAST_PAGES, MOST_PAGES, STATIC_BYTES } from "../../src/wasm/core.js";
import * as job from "../../src/wasm/job.js";

const memory = new WebAssembly.Memory({ initial: LEAST_PAGES, maximum: MOST_PAGES, shared: true });
const [caller, worker] = [0, -1].map((place) => coreOn(coreBinary(true, place * STATIC_BYTES), memory));
const [pointer, data] = [job.JOB_BYTES, 4 * 64].map((bytes) => caller.allocate(bytes) >>> 0);
const threads = [caller, worker].map((core, thread) => new job.Job(core, pointer, thread));

// writes a job of so many units, each of which fills a number of `data`
function fills(units: number, scratch = -1): void {
  const [{ words }] = threads;
  words[job.KERNEL] = job.functionsOf(caller).indexOf("fill_f32");
  words[job.COUNT] = units;
  words[job.ARGUMENTS] = 3;
  [words[job.SCRATCH], words[job.SCRATCH_START], words[job.SCRATCH_BYTES]] = [scratch, data, 64];
  words[job.DONE] = 0;
  for (let unit = 0; unit < units; unit++) threads[0].write(unit, [unit + 1, data + 4 * unit, 1]);
  job.offer(words, units);
}

const numbers = () => [...new Float32Array(memory.buffer, data, 64)];

describe("a job", () => {
  test("gives each unit to one thread, and none when none is left", () => {
    fills(5);
    const taken = Array.from({ length: 5 }, (_, i) => threads[i % 2].take());
    expect(taken).toEqual([0, 1, 2, 3, 4]);
    expect(threads.map((one) => one.take())).toEqual([-1, -1]);
    taken.forEach((unit, i) => {
      expect(threads[0].isDone(unit)).toBe(false);
      threads[i % 2].perform(unit);
      expect(threads[1].isDone(unit)).toBe(true);
    });
    expect(threads[0].words[job.DONE]).toBe(5);
    expect(numbers().slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
  });

  test("gives each thread scratch of its own", () => {
    fills(2, 1);
    for (const thread of threads) thread.perform(thread.take());
    expect([numbers()[0], numbers()[16]]).toEqual([1, 2]);
  });

  test("is not attended to after a dismissal", () => {
    const { words } = threads[1];
    fills(3);
    // would sleep if it were not dismissed
    job.attend(threads[1], words[job.ATTENDANCE] + 1);
    expect(words[job.DONE]).toBe(0);
    for (let unit = threads[0].take(); unit >= 0; unit = threads[0].take()) threads[0].perform(unit);
    expect(words[job.DONE]).toBe(3);
  });

  test("has room for the largest number of units, at any generation", () => {
    for (let i = 0; i < 5000; i++) job.offer(threads[0].words, 0);
    fills(2);
    job.offer(threads[0].words, job.UNITS);
    threads[0].words[job.COUNT] = job.UNITS;
    expect(threads[0].take()).toBe(0);
    expect(threads[1].take()).toBe(1);
  });
});

import { expect, test } from "vitest";
import { Backoff } from "../../src/wasm/backoff.js";

// so many jobs of a millisecond at the time `now`, which would take the calling thread `alone` milliseconds; fewer where it is paused
function jobs(backoff: Backoff, count: number, alone: number, now: number): void {
  for (let i = 0; i < count && !backoff.isPaused(now); i++) backoff.add(1, alone, now);
}

test("threads that gain are never paused", () => {
  const backoff = new Backoff();
  jobs(backoff, 1000, 1.1, 0);
  expect(backoff.isPaused(0)).toBe(false);
});

test("threads that lose are paused, for longer each time, and for a short time again once they have gained", () => {
  const backoff = new Backoff();
  jobs(backoff, 10, 0.5, 0);
  // a few jobs prove nothing
  expect(backoff.isPaused(0)).toBe(false);
  const pauses: number[] = [];
  let now = 0;
  const pauseAfter = (alone: number, count: number) => {
    jobs(backoff, count, alone, now);
    const start = now;
    while (backoff.isPaused(now)) now += 50;
    pauses.push(now - start);
  };
  for (let i = 0; i < 8; i++) pauseAfter(0.5, 16);
  expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 3200, 3200]);
  pauseAfter(2, 200);
  pauseAfter(0.1, 100);
  expect(pauses.slice(8)).toEqual([0, 100]);
});

test("what is long past counts less than what is now", () => {
  const backoff = new Backoff();
  jobs(backoff, 100, 2, 0);
  jobs(backoff, 40, 0.5, 0);
  expect(backoff.isPaused(0)).toBe(true);
});

import { describe, expect, test } from "vitest";
import { Backoff } from "../../src/wasm/backoff.js";

// jobs of a millisecond each, which take `factor` times as long together; returns the time at their end
function jobs(backoff: Backoff, count: number, factor: number, from: number): number {
  let now = from;
  for (let i = 0; i < count; i++) {
    now += factor;
    backoff.add(factor, 1, now);
  }
  return now;
}

describe("Backoff", () => {
  test("lets workers help for as long as they do", () => {
    const backoff = new Backoff();
    expect(backoff.isPaused(jobs(backoff, 1000, 0.85, 0))).toBe(false);
  });

  test("says nothing of a few jobs", () => {
    const backoff = new Backoff();
    expect(backoff.isPaused(jobs(backoff, 15, 3, 0))).toBe(false);
    expect(backoff.isPaused(jobs(backoff, 1, 3, 45))).toBe(true);
  });

  test("pauses for 100 ms, then each time for twice as long, and at most for 3.2 s", () => {
    const backoff = new Backoff();
    let now = 0;
    for (const pause of [100, 200, 400, 800, 1600, 3200, 3200]) {
      now = jobs(backoff, 16, 2, now);
      expect([backoff.isPaused(now + pause - 1), backoff.isPaused(now + pause)]).toEqual([true, false]);
      now += pause;
    }
    // once workers have helped for long, the first pause is short again
    now = jobs(backoff, 200, 0.6, now);
    while (!backoff.isPaused(now)) now = jobs(backoff, 1, 2, now);
    expect(backoff.isPaused(now + 100)).toBe(false);
  });
});

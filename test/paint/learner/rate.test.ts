import { expect, test } from "vitest";
import { Rate } from "../../../src/paint/learner/rate.js";

function after(rate: Rate, steps: number, seconds = 0): Rate {
  for (let i = 0; i < steps; i++) rate.stepped(seconds);
  return rate;
}

test("the rate falls, and learning ends by itself", () => {
  const rate = new Rate(0.005);
  const values = Array.from({ length: 15 }, () => after(rate, 100).value);
  expect(values).toEqual([...new Set(values)].sort((a, b) => b - a));
  expect(rate.isOver).toBe(true);
});

test("a change of strokes raises the rate again, but never above what it was", () => {
  const rate = after(new Rate(0.005), 1500);
  const last = rate.value;
  rate.reheat();
  expect(rate.isOver).toBe(false);
  expect(rate.value).toBeGreaterThan(10 * last);
  const young = after(new Rate(0.005), 10);
  const before = young.value;
  young.reheat();
  expect(young.value).toBe(before);
});

test("a slow machine ends by time", () => {
  expect(after(new Rate(0.005), 100, 0.5).isOver).toBe(false);
  expect(after(new Rate(0.005), 100, 1).isOver).toBe(true);
});

test("halve halves all rates to come", () => {
  const [rate, half] = [new Rate(0.005), new Rate(0.005)];
  half.halve();
  expect(half.value).toBe(rate.value / 2);
  expect(after(half, 300).value).toBe(after(rate, 300).value / 2);
});

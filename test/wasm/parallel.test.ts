import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { relu, setThreads, tensor } from "../../src/index.js";
import { tidy } from "../../src/tensor/scope.js";
import { kernels } from "../../src/wasm/instance.js";
import { UNITS } from "../../src/wasm/job.js";
import { scratch, viewF32 } from "../../src/wasm/memory.js";
import { parallel, parallelEach, shareWith, threadCount } from "../../src/wasm/parallel.js";
import { Team } from "../../src/wasm/team.js";
import { normals } from "../helpers/random.js";
import { WORKER } from "../helpers/worker.js";

const LARGE = 2 ** 20 + 3;

const reluOf = (values: Float32Array) => tidy(() => relu(tensor(values)).copy());

// the units of the relu of `count` items, as they are cut
function unitsOf(count: number, cost = 1, step = 1): [from: number, count: number][] {
  const units: [number, number][] = [];
  scratch([4 * count + 64], (pointer) => {
    parallel("relu_f32", { count, cost, step }, (from, n) => {
      units.push([from, n]);
      return [pointer, pointer, 0];
    });
  });
  return units;
}

describe("parallel with two threads", () => {
  beforeAll(() => setThreads(2, { worker: WORKER }));
  afterAll(() => setThreads(1));

  test("gives what one thread gives", () => {
    expect(threadCount()).toBe(2);
    const values = normals(LARGE, 1);
    const expected = Buffer.from(values.map((value) => Math.max(value, 0)).buffer);
    for (let i = 0; i < 30; i++) expect(Buffer.compare(Buffer.from(reluOf(values).buffer), expected)).toBe(0);
  });
});

describe("parallel", () => {
  beforeEach(() => {
    shareWith(new Team({ count: 1, attend: () => {}, restart: () => {} }));
    return () => shareWith(null);
  });

  test("leaves small work, and work of nothing, in one piece", () => {
    expect(unitsOf(2 ** 17 - 1)).toEqual([[0, 2 ** 17 - 1]]);
    expect(unitsOf(0)).toEqual([[0, 0]]);
    expect(parallelEach("relu_f32", { count: 0 }, () => [0, 0, 0])).toEqual([]);
  });

  test("cuts large work into units that cover it, each at a multiple of the step", () => {
    for (const [count, cost, step] of [
      [LARGE, 1, 16],
      [LARGE, 8, 48],
      [131_073, 1, 1],
      [3, 2 ** 20, 1],
      [17, 2 ** 20, 16],
    ]) {
      const units = unitsOf(count, cost, step);
      expect(units.length).toBeGreaterThan(1);
      expect(units.length).toBeLessThanOrEqual(64);
      expect(units.every(([from], i) => from % step === 0 && from === (i === 0 ? 0 : units[i - 1][0] + units[i - 1][1]))).toBe(true);
      expect(units.reduce((sum, [, n]) => sum + n, 0)).toBe(count);
    }
  });

  test("is called item by item, however many there are, and returns what each call returned", () => {
    const count = 2 * UNITS + 5;
    scratch([4 * count], (pointer) => {
      viewF32(pointer, count).forEach((_, i, all) => {
        all[i] = i;
      });
      const each = parallelEach("errorRange", { count, cost: 2 ** 10 }, (i) => [pointer + 4 * i, 1]);
      expect(each).toEqual(Array.from({ length: count }, (_, i) => kernels.errorRange(pointer + 4 * i, 1)));
      expect(new Set(each).size).toBeGreaterThan(8);
    });
  });

  test("passes an error of whoever gives the arguments on, and goes on with the next work", () => {
    const failing = (): never => {
      throw new Error("no arguments");
    };
    expect(() => parallel("relu_f32", { count: LARGE }, failing)).toThrowError("no arguments");
    expect(() => parallelEach("relu_f32", { count: 4, cost: LARGE }, failing)).toThrowError("no arguments");
    expect(reluOf(Float32Array.of(-1, 2))).toEqual(Float32Array.of(0, 2));
  });
});

import { expect, test } from "vitest";
import { LovaszError } from "../../src/index.js";
import { isOutOfMemory, zerosFor } from "../../src/model/outOfMemory.js";

test("knows the errors of memory that ran out", () => {
  const refused = (take: () => unknown) => {
    try {
      take();
      return null;
    } catch (error) {
      return error;
    }
  };
  const taken = [refused(() => new ArrayBuffer(2 ** 46)), refused(() => new Float32Array(2 ** 46))];
  expect([...taken, new LovaszError("memory", "no more")].map(isOutOfMemory)).toEqual([true, true, true]);
  expect([new RangeError("Invalid time value"), new LovaszError("shape", "no"), null].map(isOutOfMemory)).toEqual([false, false, false]);
});

test("says what takes more memory than there is", () => {
  expect([...zerosFor(2, "two numbers", "do without")]).toEqual([0, 0]);
  expect(() => zerosFor(2 ** 46, "too many numbers", "do without")).toThrow("too many numbers take more memory than there is; do without");
});

import { expect, test } from "vitest";
import { LovaszError } from "../../src/index.js";
import { isOutOfMemory } from "../../src/model/outOfMemory.js";

test("knows the errors of memory that ran out", () => {
  const refused = () => {
    try {
      new ArrayBuffer(2 ** 46);
      return null;
    } catch (error) {
      return error;
    }
  };
  expect([refused(), new LovaszError("memory", "no more")].map(isOutOfMemory)).toEqual([true, true]);
  expect([new RangeError("Invalid time value"), new LovaszError("shape", "no"), null].map(isOutOfMemory)).toEqual([false, false, false]);
});

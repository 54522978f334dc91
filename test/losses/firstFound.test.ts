import { describe, expect, test } from "vitest";
import { firstFound } from "../../src/losses/firstFound.js";
import { tensor } from "../../src/tensor/tensor.js";

// of numbers, 4 at index 3 and at 5, and labels that ignore nothing
const values = tensor([0, 1, 2, 4, 3, 4]);
const labels = tensor([0, 0, 0, 0, 0, 0]);
const above = (most: number, count = 6) =>
  firstFound("firstOutside_f32", { count }, (from, n) => [values.pointer + 4 * from, labels.pointer + 4 * from, n, 0, most]);

describe("firstFound", () => {
  test("is the first item that the kernel finds", () => expect(above(3)).toBe(3));
  test("is their number where it finds none", () => expect([above(4), above(3, 3), above(3, 0)]).toEqual([6, 3, 0]));
});

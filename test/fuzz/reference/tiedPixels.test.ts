import { expect, test } from "vitest";
import { tiedPixels } from "../../../src/fuzz/reference/tiedPixels.js";

test("tiedPixels(how, errors) are groups by descending errors", () => {
  expect([...tiedPixels({ kind: "hinge" }, Float64Array.of(0.5, 2, 0.5, 0, 2, 1))]).toEqual([[1, 4], [5], [0, 2], [3]]);
  expect([...tiedPixels({ kind: "hinge" }, new Float64Array())]).toEqual([]);
});

test("errors of a group are each within rounding of the next", () => {
  const chain = Float64Array.of(1, 1 - 2 ** -21, 1 - 2 ** -20, 1 - 2 ** -18);
  expect([...tiedPixels({ kind: "hinge" }, chain)]).toEqual([[0, 1, 2], [3]]);
  // a sigmoid is off by more, as are halves
  expect([...tiedPixels({ kind: "sigmoid" }, chain)]).toEqual([[0, 1, 2, 3]]);
  expect([...tiedPixels({ kind: "hinge", precision: "float16" }, Float64Array.of(1, 1 - 2 ** -10, 0.99))]).toEqual([[0, 1], [2]]);
});

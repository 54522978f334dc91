import { expect, test } from "vitest";
import { cut } from "../../src/model/cut.js";
import { FLIPS } from "../../src/model/flips.js";

test("are the picture, its mirror image, it upside down, and both", () => {
  const box = { left: 0, upper: 0, width: 2, height: 2 };
  expect(FLIPS.map((turn) => [...cut(Uint8Array.of(1, 2, 3, 4), 1, 2, box, turn)])).toEqual([
    [1, 2, 3, 4],
    [2, 1, 4, 3],
    [3, 4, 1, 2],
    [4, 3, 2, 1],
  ]);
});

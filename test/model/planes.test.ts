import { expect, test } from "vitest";
import { fillPlanes } from "../../src/model/planes.js";

test("writes each colour to a plane of its own, as the network reads it, and nothing beside the picture", () => {
  const planes = new Float32Array(20).fill(9);
  const rgb = Uint8Array.of(10, 20, 30, 11, 21, 31);
  fillPlanes({ width: 1, height: 2, rgb, white: 255, mean: [10, 20, 30], scale: [1, 2, 3] }, planes, 2, 2, 3);
  expect([...planes]).toEqual([9, 9, 0, 9, 1, 9, 9, 9, 0, 9, 2, 9, 9, 9, 0, 9, 3, 9, 9, 9]);
});

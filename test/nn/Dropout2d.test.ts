// Dropout of whole channels as a layer.
import { describe, expect, test } from "vitest";
import { nn, ones } from "../../src/index.js";
import { testDropoutLayer } from "../helpers/dropoutLayers.js";
import { expectError } from "../helpers/errors.js";

describe("Dropout2d(p, options)", () => {
  testDropoutLayer(nn.Dropout2d);

  test("drops channels of each image by themselves", () => {
    const [layer, x] = [new nn.Dropout2d(0.25, { seed: 1 }), ones([50, 20, 1, 3])];
    const out = layer.forward(x);
    const planes = Array.from({ length: 1000 }, (_, i) => [...out.data.subarray(3 * i, 3 * i + 3)]);
    for (const [first, ...others] of planes) expect(others).toEqual([first, first]);
    expect([...new Set(out.data)].sort()).toEqual([0, Math.fround(4 / 3)]);
    expect(Math.abs(planes.filter(([value]) => value === 0).length - 250)).toBeLessThan(70);
    expect(planes.slice(0, 20)).not.toEqual(planes.slice(20, 40));
    for (const made of [x, out]) made.dispose();
  });

  test("asks for images", () => {
    const x = ones([2, 3]);
    for (const layer of [new nn.Dropout2d(), new nn.Dropout2d().eval()]) {
      expectError(() => layer.forward(x), "shape", /Dropout2d: the input has shape \[2, 3\], expected \[B, C, H, W\]/);
    }
    x.dispose();
  });
});

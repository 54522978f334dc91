// Dropout as a layer.
import { describe, expect, test } from "vitest";
import { nn, ones } from "../../src/index.js";
import { testDropoutLayer } from "../helpers/dropoutLayers.js";

describe("Dropout(p, options)", () => {
  testDropoutLayer(nn.Dropout);

  test("drops single elements of any shape", () => {
    const [layer, x] = [new nn.Dropout(0.25, { seed: 1 }), ones([1000])];
    const out = layer.forward(x);
    expect([...new Set(out.data)].sort()).toEqual([0, Math.fround(4 / 3)]);
    expect(Math.abs(out.data.filter((value) => value === 0).length - 250)).toBeLessThan(70);
    for (const made of [x, out]) made.dispose();
  });
});

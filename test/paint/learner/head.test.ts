import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StateDict } from "../../../src/nn/stateDict.js";
import { UNet } from "../../../src/nn/UNet.js";
import { channelsOf, withClasses } from "../../../src/paint/learner/head.js";

// the logits of each class at a pixel with these features: 0 and the logit, where there is one
function logitsOf({ "head.weight": weight, "head.bias": bias }: StateDict, features: readonly number[]): number[] {
  const logits = Array.from(bias.data, (one, i) =>
    features.reduce((sum, value, k) => sum + value * weight.data[i * features.length + k], one),
  );
  return logits.length === 1 ? [0, logits[0]] : logits;
}

const argmax = (values: readonly number[]) => values.indexOf(Math.max(...values));
const networkOf = (channels: number, seed = 1) => new UNet({ width: 4, levels: 1, outChannels: channels, seed });
const features = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 });
const seeds = fc.integer({ min: 0, max: 1000 });

describe("withClasses", () => {
  test("a class that is added changes no label", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), features, seeds, (classes, values, seed) => {
        const network = networkOf(channelsOf(classes), seed);
        const before = logitsOf(network.stateDict(), values);
        const after = logitsOf(withClasses(network, classes + 1, null), values);
        network.dispose();
        expect(after.length).toBe(classes + 1);
        if (new Set(before.map((value) => value.toFixed(4))).size === classes) expect(argmax(after)).toBe(argmax(before));
      }),
    );
  });

  test("a class that is removed leaves the differences between the others", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 5 }), fc.nat({ max: 4 }), features, seeds, (classes, at, values, seed) => {
        const removed = at % classes;
        const network = networkOf(classes, seed);
        const before = logitsOf(network.stateDict(), values).filter((_, one) => one !== removed);
        const state = withClasses(network, classes - 1, removed);
        network.dispose();
        const after = logitsOf(state, values);
        expect(state["head.bias"].shape).toEqual([channelsOf(classes - 1)]);
        for (const [one, value] of before.entries()) expect(after[one] - after[0]).toBeCloseTo(value - before[0], 4);
      }),
    );
  });

  test("leaves all other weights alone", () => {
    const network = networkOf(1);
    const [before, after] = [network.stateDict(), withClasses(network, 3, null)];
    for (const name of Object.keys(before).filter((name) => !name.startsWith("head"))) expect(after[name]).toEqual(before[name]);
  });
});

import { describe, expect, test } from "vitest";
import { predict } from "../../../src/model/predict.js";
import { UNet } from "../../../src/nn/UNet.js";
import { wholeOf } from "../../../src/paint/learner/boxes.js";
import { predictBox } from "../../../src/paint/learner/overlay.js";
import type { Painted } from "../../../src/paint/learner/Painted.js";
import { type Box, HELD_OUT, type Part, UNSURE } from "../../../src/paint/messages.js";
import { noise, noisyCanvas } from "./helpers/pictures.js";

const never = { onProgress: () => {}, signal: { aborted: false, reason: null } };

async function partsOf(network: UNet, painted: Painted, box: Box) {
  const parts: Part[] = [];
  const summary = await predictBox(network, painted, box, (part) => parts.push(part), never);
  return { parts, summary };
}

const sure = (labels: Uint8Array) => labels.map((label) => label & ~UNSURE);

describe("predictBox", () => {
  test("of a whole picture has the labels of predict, in one part", async () => {
    for (const outChannels of [1, 3]) {
      const network = new UNet({ width: 4, levels: 2, norm: "group", outChannels });
      const { parts } = await partsOf(network, noisyCanvas(70, 50), wholeOf({ width: 70, height: 50 }));
      const { labels } = await predict({ network }, noise(70, 50));
      expect(parts.map(({ box }) => box)).toEqual([{ left: 0, upper: 0, width: 70, height: 50 }]);
      expect(sure(parts[0].labels)).toEqual(labels);
      network.dispose();
    }
  });

  test("of a box has the labels of the whole picture, whose statistics it has", async () => {
    for (const norm of ["none", "group"] as const) {
      const network = new UNet({ width: 4, levels: 3, norm });
      const painted = noisyCanvas(90, 80);
      const [{ labels }] = (await partsOf(network, painted, wholeOf(painted))).parts;
      const box = { left: 33, upper: 21, width: 30, height: 17 };
      const { parts } = await partsOf(network, painted, box);
      expect(parts.map((part) => part.box)).toEqual([box]);
      const expected = Uint8Array.from({ length: 30 * 17 }, (_, i) => labels[(21 + Math.floor(i / 30)) * 90 + 33 + (i % 30)]);
      expect(new Set(sure(expected)).size).toBe(2);
      expect(sure(parts[0].labels)).toEqual(sure(expected));
      network.dispose();
    }
  });

  test("counts the held-out pixels of the box that it has right", async () => {
    const network = new UNet({ width: 4, levels: 1 });
    const painted = noisyCanvas(20, 10);
    const [{ labels }] = (await partsOf(network, painted, wholeOf(painted))).parts;
    const [ours, other] = [labels[0] & 1, 1 - (labels[0] & 1)];
    const first = (label: number) => painted.paint({ box: { left: 0, upper: 0, width: 1, height: 1 }, labels: Uint8Array.of(label) });
    // strokes to be trained on do not count
    painted.paint({ box: { left: 0, upper: 1, width: 2, height: 1 }, labels: Uint8Array.of(ours, other) });
    for (const [label, right] of [
      [ours, 1],
      [other, 0],
    ]) {
      first(label | HELD_OUT);
      expect((await partsOf(network, painted, wholeOf(painted))).summary).toMatchObject({ right, counted: 1 });
    }
    expect((await partsOf(network, painted, { left: 1, upper: 0, width: 9, height: 9 })).summary.counted).toBe(0);
    network.dispose();
  });

  test("marks regions where the network is unsure, and says how unsure it is", async () => {
    const network = new UNet({ width: 4, levels: 1 });
    const state = network.stateDict();
    for (const name of ["head.weight", "head.bias"]) state[name].data.fill(0);
    network.loadStateDict(state);
    const painted = noisyCanvas(30, 20);
    const { parts, summary } = await partsOf(network, painted, wholeOf(painted));
    expect(summary.doubt).toBe(1);
    expect(parts[0].labels.every((label) => label === UNSURE)).toBe(true);
    state["head.bias"].data.fill(30);
    network.loadStateDict(state);
    const certain = await partsOf(network, painted, wholeOf(painted));
    expect(certain.summary.doubt).toBe(0);
    expect(certain.parts[0].labels.every((label) => label === 1)).toBe(true);
    network.dispose();
  });
});

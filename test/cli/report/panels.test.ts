import { decode } from "fast-png";
import { expect, test } from "vitest";
import type { Sample } from "../../../src/cli/data/sample.js";
import { COLOURS, imagePanel, type Panel, predictionPanel, truthPanel } from "../../../src/cli/report/panels.js";
import { classColour } from "../../../src/model/colours.js";
import { IGNORED } from "../../../src/model/ignored.js";
import { noise } from "../helpers/samples.js";

function pixelsOf({ url, sharp: _, ...size }: Panel) {
  const [head, base64] = url.split(",");
  expect(head).toBe("data:image/png;base64");
  const { width, height, data } = decode(Buffer.from(base64, "base64"));
  expect(size).toEqual({ width, height });
  return { width, height, at: (i: number) => [...data.subarray(3 * i, 3 * i + 3)] };
}

// a dark picture, so that what is drawn over it is seen
const black = (labels: number[]): Sample => ({ ...noise(labels.length, 1), rgb: new Uint8Array(3 * labels.length), labels: Uint8Array.from(labels) }); // biome-ignore format: one line

test("the picture is as bright as it can be, also of 16 bits", () => {
  const sample = { ...noise(2, 1), rgb: Uint16Array.of(0, 100, 200, 500, 0, 0), white: 65535 };
  const { at } = pixelsOf(imagePanel(sample));
  expect([at(0), at(1)]).toEqual([[0, 51, 102], [255, 0, 0]]); // biome-ignore format: one line
});

test("a prediction shows what is correct, missed, a false alarm, and the wrong class", () => {
  const { at } = pixelsOf(predictionPanel(black([1, 1, 0, 0, 2, 2, 8]), Uint8Array.of(1, 0, 1, 0, 2, 1, 8)));
  expect([0, 1, 2, 3, 4, 5, 6].map(at)).toEqual([
    ...[classColour(1), COLOURS.missed, COLOURS.falseAlarm].map((colour) => [...colour]),
    [0, 0, 0],
    ...[classColour(2), COLOURS.confused, classColour(1)].map((colour) => [...colour]),
  ]);
});

test("the truth shows foreground, and hatches ignored pixels", () => {
  const { at } = pixelsOf(truthPanel(black([1, 0, IGNORED, IGNORED, IGNORED, IGNORED])));
  expect([0, 1, 2, 3, 4, 5].map(at)).toEqual([
    [...classColour(1)],
    [0, 0, 0],
    [...COLOURS.ignored],
    [...COLOURS.ignored],
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test("labels are never smoothed, pictures only where their pixels are small", () => {
  const [small, large] = [noise(128, 4), noise(129, 4)];
  expect([small, large].map((sample) => imagePanel(sample).sharp)).toEqual([true, false]);
  expect(truthPanel(large).sharp).toBe(true);
});

test("large pictures lose rows and columns", () => {
  const { width, height } = pixelsOf(imagePanel(noise(800, 5)));
  expect([width, height]).toEqual([267, 2]);
});

import { decode } from "fast-png";
import { expect, test } from "vitest";
import type { Sample } from "../../../src/cli/data/sample.js";
import { COLOURS, CORRECT, imagePanel, predictionPanel, truthPanel } from "../../../src/cli/report/panels.js";
import { IGNORED } from "../../../src/model/ignored.js";
import { noise } from "../helpers/samples.js";

function pixelsOf(url: string) {
  const [head, base64] = url.split(",");
  expect(head).toBe("data:image/png;base64");
  const { width, height, data } = decode(Buffer.from(base64, "base64"));
  return { width, height, at: (i: number) => [...data.subarray(3 * i, 3 * i + 3)] };
}

// a dark picture, so that what is drawn over it is seen
const black = (labels: number[]): Sample => ({ ...noise(labels.length, 1), rgb: new Uint8Array(3 * labels.length), labels: Uint8Array.from(labels) }); // biome-ignore format: one line
const drawn = (colour: readonly number[]) => colour.map((value) => Math.round(0.85 * value));

test("the picture is as bright as it can be, also of 16 bits", () => {
  const sample = { ...noise(2, 1), rgb: Uint16Array.of(0, 100, 200, 500, 0, 0), white: 65535 };
  const { at } = pixelsOf(imagePanel(sample));
  expect([at(0), at(1)]).toEqual([[0, 51, 102], [255, 0, 0]]); // biome-ignore format: one line
});

test("a prediction shows what is correct, missed, a false alarm, and the wrong class", () => {
  const { at } = pixelsOf(predictionPanel(black([1, 1, 0, 0, 2, 2, 7]), Uint8Array.of(1, 0, 1, 0, 2, 1, 7)));
  expect([0, 1, 2, 3, 4, 5, 6].map(at)).toEqual([
    ...[CORRECT[0], COLOURS.missed, COLOURS.falseAlarm].map(drawn),
    [0, 0, 0],
    ...[CORRECT[1], COLOURS.confused, CORRECT[0]].map(drawn),
  ]);
});

test("the truth shows foreground, and hatches ignored pixels", () => {
  const { at } = pixelsOf(truthPanel(black([1, 0, IGNORED, IGNORED, IGNORED, IGNORED])));
  expect([0, 1, 2, 3, 4, 5].map(at)).toEqual([
    drawn(CORRECT[0]),
    [0, 0, 0],
    [...COLOURS.ignored],
    [...COLOURS.ignored],
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test("large pictures lose rows and columns", () => {
  const { width, height } = pixelsOf(imagePanel(noise(800, 5)));
  expect([width, height]).toEqual([267, 2]);
});

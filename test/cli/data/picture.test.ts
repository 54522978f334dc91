import { expect, test } from "vitest";
import { foregroundOf, Memory, pictureOf } from "../../../src/cli/data/picture.js";
import { IGNORED } from "../../../src/model/ignored.js";
import { noise } from "../helpers/samples.js";

test("memory takes what there is room for", () => {
  const memory = new Memory(10);
  expect([memory.take(6), memory.take(5), memory.take(4), memory.take(1), memory.take(0)]).toEqual([true, false, true, false, true]);
  expect(memory.refused).toBe(2);
});

test("foreground is every class but 0", () => {
  expect(foregroundOf({ counts: [5, 2, 3] })).toBe(5);
  expect(foregroundOf({ counts: [5, 0] })).toBe(0);
});

test("a picture in memory counts its labels", async () => {
  const sample = { ...noise(5, 1), labels: Uint8Array.of(0, 2, 2, IGNORED, 0) };
  const picture = pictureOf(sample, 3);
  expect(picture).toMatchObject({ name: sample.name, width: 5, height: 1, counts: [2, 0, 2], ignored: 1 });
  expect(await picture.read()).toBe(sample);
});

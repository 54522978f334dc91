import { expect, test } from "vitest";
import { toned } from "../../src/model/tone.js";

const grey = (...values: number[]) => ({ data: Uint8Array.from(values), width: values.length, height: 1, channels: 1, white: 255 });
const same = { brightness: 1, contrast: 1, gamma: 1 };

test("brightness scales, contrast spreads around the mean, gamma bends", () => {
  expect([...toned(grey(0, 100, 240), { ...same, brightness: 1.2 }).data]).toEqual([0, 120, 255]);
  expect([...toned(grey(50, 100, 150), { ...same, contrast: 0.5 }).data]).toEqual([75, 100, 125]);
  expect([...toned(grey(0, 64, 255), { ...same, gamma: 0.5 }).data]).toEqual([0, Math.round(255 * Math.sqrt(64 / 255)), 255]);
});

test("factors of 1 are the identity, for each of 65536 values", () => {
  const data = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const picture = { data, width: 256, height: 256, channels: 1, white: 65535 };
  expect(toned(picture, same)).toEqual(picture);
});

test("values beyond white count as white", () => {
  const picture = { data: Uint16Array.of(50, 200), width: 2, height: 1, channels: 1, white: 100 };
  expect([...toned(picture, same).data]).toEqual([50, 100]);
});

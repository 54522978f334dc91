import { expect, test } from "vitest";
import { overlay } from "../../../src/cli/predict/overlay.js";
import { CLASS_COLOURS } from "../../../src/model/colours.js";
import { pixelsOf } from "../../../src/model/pixels.js";

/** A picture of one grey value but for the last pixel, which is the brightest. */
function plain(width: number, height: number, value: number, most: number) {
  const data = (most > 255 ? new Uint16Array(width * height) : new Uint8Array(width * height)).fill(value);
  data[width * height - 1] = most;
  return pixelsOf({ data, width, height, channels: 1, white: most > 255 ? 65535 : 255 });
}

/** Labels of 9 x 9 pixels: a square of 5 x 5 in the middle, and one of class 2 in the right upper corner. */
const labels = Uint8Array.from({ length: 81 }, (_, i) => {
  const [x, y] = [i % 9, Math.floor(i / 9)];
  return x >= 2 && x < 7 && y >= 2 && y < 7 ? 1 : x > 7 && y < 1 ? 2 : 0;
});
const at = (drawn: Uint8Array, x: number, y: number) => [...drawn.subarray(3 * (9 * y + x), 3 * (9 * y + x) + 3)];

test.each([
  ["bright", 200, 255, 200],
  ["dim", 20, 40, 128],
  ["black", 0, 255, 0],
  ["of 16 bits", 1000, 2000, 128],
])("tints what was found in a %s picture, with a line around it in its colour, and one in black around that", (_, value, most, shown) => {
  const drawn = overlay(plain(9, 9, value, most), labels);
  const tinted = CLASS_COLOURS[0].map((one) => Math.floor(0.6 * shown + 0.4 * one));
  expect(at(drawn, 4, 4)).toEqual(tinted);
  for (const [x, y] of [[2, 2], [6, 4], [4, 6]]) expect(at(drawn, x, y)).toEqual(CLASS_COLOURS[0]); // biome-ignore format: one line
  for (const [x, y] of [[1, 2], [7, 4], [4, 7]]) expect(at(drawn, x, y)).toEqual([0, 0, 0]); // biome-ignore format: one line
  expect(at(drawn, 0, 4)).toEqual([shown, shown, shown]);
  expect(at(drawn, 8, 8)).toEqual([255, 255, 255]);
  expect(at(drawn, 8, 0)).toEqual(CLASS_COLOURS[1]);
});

test("draws lines that can be seen in a large picture, and has a colour for every class", () => {
  const [width, height] = [1500, 8];
  const drawn = overlay(
    plain(width, height, 100, 255),
    Uint8Array.from({ length: width * height }, (_, i) => (i % width < 20 ? 254 : 0)),
  );
  const colours = [16, 17, 18, 19, 20, 21, 22].map((x) => [...drawn.subarray(3 * x, 3 * x + 3)]);
  const line = CLASS_COLOURS[253 % CLASS_COLOURS.length];
  expect(colours.slice(2, 6)).toEqual([line, line, [0, 0, 0], [0, 0, 0]]);
  expect(colours[1]).not.toEqual(line);
  expect(colours[6]).toEqual([100, 100, 100]);
});

test("a picture of one pixel has no line", () => {
  expect([...overlay(plain(1, 1, 9, 9), Uint8Array.of(1))]).toEqual(CLASS_COLOURS[0].map((one) => Math.floor(0.6 * 255 + 0.4 * one)));
});

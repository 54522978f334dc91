import fc from "fast-check";
import { expect, test } from "vitest";
import { cut, turnedSize } from "../../src/model/cut.js";

const numbered = (length: number) => Uint16Array.from({ length }, (_, i) => i);
const whole = (width: number, height: number) => ({ left: 0, upper: 0, width, height });

test("every turn moves pixels as its bits say, and keeps their channels together", () => {
  const [width, height] = [4, 6];
  for (let turn = 0; turn < 8; turn++) {
    for (const channels of [1, 3]) {
      const values = numbered(width * height * channels);
      const moved = cut(values, channels, width, whole(width, height), turn);
      const size = turnedSize({ width, height }, turn);
      expect(size).toEqual(turn & 4 ? { width: 6, height: 4 } : { width: 4, height: 6 });
      for (let y = 0; y < size.height; y++) {
        for (let x = 0; x < size.width; x++) {
          let [u, v] = turn & 4 ? [y, x] : [x, y];
          if (turn & 1) u = width - 1 - u;
          if (turn & 2) v = height - 1 - v;
          for (let c = 0; c < channels; c++) {
            expect(moved[channels * (y * size.width + x) + c]).toBe(values[channels * (v * width + u) + c]);
          }
        }
      }
    }
  }
});

test("a crop has the pixels of its box and no others, however it is turned", () => {
  const values = numbered(63);
  fc.assert(
    fc.property(
      fc.record({ left: fc.nat(5), upper: fc.nat(3), width: fc.integer({ min: 1, max: 4 }), height: fc.integer({ min: 1, max: 4 }) }),
      fc.nat(7),
      (box, turn) => {
        const inside = [...values].filter((i) => {
          const [x, y] = [(i % 9) - box.left, Math.floor(i / 9) - box.upper];
          return x >= 0 && x < box.width && y >= 0 && y < box.height;
        });
        expect([...cut(values, 1, 9, box, turn)].sort((a, b) => a - b)).toEqual(inside);
        expect([...cut(values, 1, 9, box)]).toEqual(inside);
      },
    ),
  );
});

test("what is not to be moved is not copied, and nothing is written to what is", () => {
  const values = numbered(6);
  expect(cut(values, 1, 3, whole(3, 2))).toBe(values);
  for (let turn = 1; turn < 8; turn++) expect(cut(values, 1, 3, whole(3, 2), turn)).not.toBe(values);
  expect(values).toEqual(numbered(6));
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CELL, type Painted } from "../../../src/paint/learner/Painted.js";
import { HELD_OUT, UNPAINTED } from "../../../src/paint/messages.js";
import { uniform } from "../../../src/random.js";
import { noisyCanvas } from "./helpers/pictures.js";

const [WIDTH, HEIGHT] = [3 * CELL + 5, 2 * CELL + 1];
const label = fc.constantFrom(0, 1, 2, UNPAINTED, HELD_OUT, 2 | HELD_OUT);

const stroke = fc
  .record({
    left: fc.integer({ min: 0, max: WIDTH - 1 }),
    upper: fc.integer({ min: 0, max: HEIGHT - 1 }),
    width: fc.integer({ min: 1, max: WIDTH }),
    height: fc.integer({ min: 1, max: HEIGHT }),
    label,
  })
  .map(({ left, upper, width, height, label }) => {
    const box = { left, upper, width: Math.min(width, WIDTH - left), height: Math.min(height, HEIGHT - upper) };
    return { box, labels: new Uint8Array(box.width * box.height).fill(label) };
  });

function expectCounted(painted: Painted): void {
  for (const one of [0, 1, 2]) {
    const cells = new Set<number>();
    painted.labels.forEach((label, i) => {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
      if (label === one) cells.add(Math.floor(y / CELL) * Math.ceil(WIDTH / CELL) + Math.floor(x / CELL));
    });
    expect([...painted.cellsOf(one)]).toEqual([...cells].sort((a, b) => a - b));
    expect(painted.has(one)).toBe(cells.size > 0);
  }
  expect(painted.heldOut).toBe(painted.labels.filter((label) => label >= HELD_OUT && label !== UNPAINTED).length);
}

describe("Painted", () => {
  test("knows the cells of each class after any strokes", () => {
    fc.assert(
      fc.property(fc.array(stroke, { maxLength: 6 }), (strokes) => {
        const painted = noisyCanvas(WIDTH, HEIGHT);
        for (const one of strokes) {
          painted.paint(one);
          expectCounted(painted);
        }
      }),
    );
  });

  test("draws each pixel of a class in a cell, and no other", () => {
    const painted = noisyCanvas(WIDTH, HEIGHT);
    painted.paint({ box: { left: 2, upper: 3, width: 3, height: 1 }, labels: Uint8Array.of(1, 0, 1) });
    painted.paint({ box: { left: 6, upper: 4, width: 1, height: 1 }, labels: Uint8Array.of(1 | HELD_OUT) });
    const random = uniform(1);
    const drawn = Array.from({ length: 100 }, () => painted.pixelIn(0, 1, random));
    expect(new Set(drawn)).toEqual(new Set([3 * WIDTH + 2, 3 * WIDTH + 4]));
  });

  test("remove takes a class away, and moves those after it down, held out or not", () => {
    const painted = noisyCanvas(WIDTH, HEIGHT);
    painted.paint({ box: { left: 0, upper: 0, width: 6, height: 1 }, labels: Uint8Array.of(0, 1, 2, 1 | HELD_OUT, 2 | HELD_OUT, 255) });
    painted.remove(1);
    expect([...painted.labels.subarray(0, 6)]).toEqual([0, UNPAINTED, 1, UNPAINTED, 1 | HELD_OUT, UNPAINTED]);
    expectCounted(painted);
  });

  test("refuses labels that do not fit, and says which", () => {
    const box = { left: WIDTH - 1, upper: 0, width: 2, height: 1 };
    const message = `paint: 2 labels for 2 x 1 pixels at column ${WIDTH - 1}, row 0, but the picture has ${WIDTH} x ${HEIGHT}`;
    expect(() => noisyCanvas(WIDTH, HEIGHT).paint({ box, labels: new Uint8Array(2) })).toThrow(message);
  });
});

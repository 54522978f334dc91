import fc from "fast-check";
import { expect, test } from "vitest";
import { HELD_OUT, UNPAINTED } from "../../src/paint/messages.js";
import { classOf, partOf, putPart, redo, removeClass, Stroke, undo, union, unpainted } from "../../src/paint/strokes.js";

const [WIDTH, HEIGHT] = [23, 17];
const coordinate = fc.double({ min: -8, max: 30, noNaN: true });
const point = fc.tuple(coordinate, coordinate, fc.double({ min: 0.1, max: 6, noNaN: true }));
const stroke = fc.record({
  label: fc.constantFrom(0, 1, 2, 1 | HELD_OUT, UNPAINTED),
  path: fc.array(point, { minLength: 1, maxLength: 5 }),
});

function draw(strokes: ReturnType<typeof unpainted>, { label, path }: { label: number; path: [number, number, number][] }) {
  const one = new Stroke(strokes, label);
  for (const [x, y, radius] of path) one.lineTo(x, y, radius);
  return one.end();
}

test("a stroke paints the pixels whose centre is within the radius of its line", () => {
  fc.assert(
    fc.property(coordinate, coordinate, coordinate, coordinate, fc.double({ min: 0.8, max: 6, noNaN: true }), (ax, ay, bx, by, radius) => {
      const strokes = unpainted(WIDTH, HEIGHT);
      draw(strokes, {
        label: 1,
        path: [
          [ax, ay, radius],
          [bx, by, radius],
        ],
      });
      for (let i = 0; i < strokes.labels.length; i++) {
        const [x, y] = [(i % WIDTH) + 0.5, Math.floor(i / WIDTH) + 0.5];
        // the least distance to 2,001 points of the line
        let least = Number.POSITIVE_INFINITY;
        for (let t = 0; t <= 1; t += 1 / 2000) least = Math.min(least, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)));
        if (Math.abs(least - radius) > 0.01) expect(strokes.labels[i]).toBe(least < radius ? 1 : UNPAINTED);
      }
    }),
    { numRuns: 40 },
  );
});

test("the smallest brush paints the pixel under it", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.double({ min: 0, max: 0.999, noNaN: true }), (x, y) => {
      const strokes = unpainted(WIDTH, HEIGHT);
      draw(strokes, { label: 1, path: [[4 + x, 3 + y, 0.1]] });
      expect(strokes.labels[3 * WIDTH + 4]).toBe(1);
    }),
  );
});

test("undone and drawn again, strokes leave what was there before and after", () => {
  fc.assert(
    fc.property(fc.array(stroke, { maxLength: 6 }), (all) => {
      const strokes = unpainted(WIDTH, HEIGHT);
      const states = [strokes.labels.slice()];
      const changes = all.map((one) => {
        const change = draw(strokes, one as Parameters<typeof draw>[1]);
        states.push(strokes.labels.slice());
        return change;
      });
      for (let i = changes.length - 1; i >= 0; i--) {
        const change = changes[i];
        if (change) undo(strokes, change);
        expect(strokes.labels).toEqual(states[i]);
      }
      changes.forEach((change, i) => {
        if (change) redo(strokes, change);
        expect(strokes.labels).toEqual(states[i + 1]);
      });
    }),
  );
});

test("the box of a stroke holds all that it changed, and its part can be put elsewhere", () => {
  fc.assert(
    fc.property(stroke, stroke, (first, second) => {
      const strokes = unpainted(WIDTH, HEIGHT);
      draw(strokes, first as Parameters<typeof draw>[1]);
      const copy = strokes.labels.slice();
      const change = draw(strokes, second as Parameters<typeof draw>[1]);
      if (change) putPart(copy, WIDTH, partOf(strokes, change.box));
      expect(copy).toEqual(strokes.labels);
    }),
  );
});

test("union is the smallest rectangle around two", () => {
  expect(union({ left: 2, upper: 3, width: 4, height: 5 }, { left: 0, upper: 7, width: 3, height: 4 })).toEqual({
    left: 0,
    upper: 3,
    width: 6,
    height: 8,
  });
});

test("the class of a label is that of its stroke, held out or not", () => {
  expect([0, 3, 3 | HELD_OUT, UNPAINTED].map(classOf)).toEqual([0, 3, 3, UNPAINTED]);
});

test("a class that is removed takes its strokes with it, and those after it move down, held out or not", () => {
  const labels = Uint8Array.of(0, 1, 2, 3, 0 | HELD_OUT, 1 | HELD_OUT, 2 | HELD_OUT, 126 | HELD_OUT, UNPAINTED);
  removeClass(labels, 1);
  expect([...labels]).toEqual([0, UNPAINTED, 1, 2, 0 | HELD_OUT, UNPAINTED, 1 | HELD_OUT, 125 | HELD_OUT, UNPAINTED]);
});

import { describe, expect, test } from "vitest";
import { Drawing, paintedClasses } from "../../../src/paint/learner/draw.js";
import { HELD_OUT, UNPAINTED } from "../../../src/paint/messages.js";
import { uniform } from "../../../src/random.js";
import { noisyCanvas } from "./helpers/pictures.js";

const EXTENT = 16;

// dots of a class, far apart, so that a crop sees one only
function dotted(label: number, count: number) {
  const painted = noisyCanvas(200, 60, label + 1);
  for (let i = 0; i < count; i++) {
    painted.paint({ box: { left: 20 + 40 * i, upper: 30, width: 1, height: 1 }, labels: Uint8Array.of(label) });
  }
  return painted;
}

describe("Drawing", () => {
  test("draws each class equally often, however much of it is painted", () => {
    const pictures = [dotted(0, 1), dotted(1, 4), dotted(2, 2)];
    const drawing = new Drawing(uniform(1));
    const seen = [0, 0, 0];
    for (let i = 0; i < 200; i++) {
      const { labels, shape } = drawing.batch(pictures, [0, 1, 2], 3, 3, EXTENT);
      expect(shape).toEqual([3, 3, EXTENT, EXTENT]);
      for (const label of labels) if (label !== UNPAINTED) seen[label]++;
    }
    const most = Math.max(...seen);
    for (const count of seen) expect(count / most).toBeGreaterThan(0.8);
  });

  test("never has the label of a held-out stroke, or of a class that is not known", () => {
    const painted = dotted(0, 3);
    painted.paint({ box: { left: 0, upper: 0, width: 200, height: 29 }, labels: new Uint8Array(200 * 29).fill(1 | HELD_OUT) });
    painted.paint({ box: { left: 0, upper: 31, width: 200, height: 29 }, labels: new Uint8Array(200 * 29).fill(2) });
    painted.paint({ box: { left: 40, upper: 30, width: 1, height: 1 }, labels: Uint8Array.of(1) });
    expect(paintedClasses([painted], 2)).toEqual([0, 1]);
    const drawing = new Drawing(uniform(2));
    const labels = new Set<number>();
    for (let i = 0; i < 50; i++) for (const label of drawing.batch([painted], [0, 1], 2, 4, EXTENT).labels) labels.add(label);
    expect([...labels].sort()).toEqual([0, 1, UNPAINTED]);
  });

  test("repeats for equal seeds and strokes", () => {
    const batches = [1, 1, 2].map((seed) => new Drawing(uniform(seed)).batch([dotted(0, 2), dotted(1, 2)], [0, 1], 2, 4, EXTENT));
    expect(batches[1]).toEqual(batches[0]);
    expect(batches[2]).not.toEqual(batches[0]);
  });

  test("takes a stroke by the cells that it crosses, so that a filled region does not outweigh it", () => {
    const filled = noisyCanvas(64, 64);
    filled.paint({ box: { left: 0, upper: 0, width: 32, height: 16 }, labels: new Uint8Array(512).fill(1) });
    filled.paint({ box: { left: 40, upper: 60, width: 1, height: 1 }, labels: Uint8Array.of(1) });
    expect(filled.cellsOf(1).length).toBe(3);
  });
});

test("paintedClasses leaves out held-out strokes", () => {
  const painted = noisyCanvas(8, 8);
  painted.paint({ box: { left: 0, upper: 0, width: 2, height: 1 }, labels: Uint8Array.of(0 | HELD_OUT, 1) });
  expect(paintedClasses([painted], 2)).toEqual([1]);
});

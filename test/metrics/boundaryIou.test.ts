import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundaryIou, iou, iouBinary, tensor } from "../../src/index.js";
import { expectError } from "../helpers/errors.js";
import { boundaryCounts } from "../oracle/boundary.js";

const IGNORE = 255;

interface Pictures {
  images: number;
  height: number;
  width: number;
  /** Of each picture, row by row. */
  predictions: number[][];
  labels: number[][];
}

/** Pictures of rectangles of random classes, so that there is something inside contours, with single pixels that differ. */
function pictures(classes: number, images: fc.Arbitrary<number> = fc.integer({ min: 1, max: 3 })): fc.Arbitrary<Pictures> {
  const size = { images, height: fc.integer({ min: 1, max: 14 }), width: fc.integer({ min: 1, max: 14 }) };
  return fc.record(size).chain(({ images, height, width }) => {
    const rectangle = fc.record({ x: fc.nat(width), y: fc.nat(height), w: fc.nat(width), h: fc.nat(height), one: fc.nat(classes - 1) });
    const dot = fc.record({ x: fc.nat(width), y: fc.nat(height), w: fc.constant(0), h: fc.constant(0), one: fc.nat(classes - 1) });
    const map = fc.tuple(fc.array(rectangle, { maxLength: 4 }), fc.array(dot, { maxLength: 2 })).map((shapes) => {
      const values = new Array<number>(height * width).fill(0);
      for (const { x, y, w, h, one } of shapes.flat()) {
        for (let i = y; i <= Math.min(y + h, height - 1); i++)
          values.fill(one, i * width + Math.min(x, width), i * width + Math.min(x + w + 1, width));
      }
      return values;
    });
    const maps = fc.array(map, { minLength: images, maxLength: images });
    return fc.record({ predictions: maps, labels: maps }).map((both) => ({ images, height, width, ...both }));
  });
}

const shapeOf = ({ images, height, width }: Pictures) => [images, height, width];
const dilations = fc.constantFrom(undefined, 0, 0.05, 0.1, 0.2, 0.5);

function masksOf({ height, width }: Pictures, values: number[], one: number) {
  return Array.from({ length: height }, (_, y) => values.slice(y * width, (y + 1) * width).map((value) => Number(value === one)));
}

/** The definition: counts of each picture added up, or each picture alone. */
function expected(all: Pictures, one: number, { dilation = 0.02, perImage = false, empty = 1 }): number {
  const counts = all.labels.map((labels, i) => {
    const kept = all.predictions[i].map((value, pixel) => (labels[pixel] === IGNORE ? IGNORE : value));
    return boundaryCounts(masksOf(all, kept, one), masksOf(all, labels, one), dilation);
  });
  const value = ({ intersection, union }: { intersection: number; union: number }) => (union === 0 ? empty : intersection / union);
  const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
  if (perImage) return sum(counts.map(value)) / counts.length;
  return value({ intersection: sum(counts.map((c) => c.intersection)), union: sum(counts.map((c) => c.union)) });
}

describe("boundaryIou(predictions, labels, options)", () => {
  test("is what the definition says, of the foreground", () => {
    const options = fc.record({ dilation: dilations, perImage: fc.boolean(), empty: fc.constantFrom(0, 1) });
    fc.assert(
      fc.property(pictures(2), options, (all, options) => {
        const { predictions, labels } = all;
        const shape = shapeOf(all);
        expect(boundaryIou(predictions.flat(), labels.flat(), { shape, ...options })).toBeCloseTo(expected(all, 1, options), 14);
      }),
      { numRuns: 300 },
    );
  });

  test("is what the definition says, of each class", () => {
    const options = fc.record({ dilation: dilations, perImage: fc.boolean() });
    fc.assert(
      fc.property(pictures(4), options, (all, options) => {
        const values = boundaryIou(all.predictions.flat(), all.labels.flat(), { shape: shapeOf(all), classes: 4, ...options });
        expect(values).toHaveLength(4);
        values.forEach((value, one) => {
          expect(value).toBeCloseTo(expected(all, one, options), 14);
        });
      }),
    );
  });

  test("ends masks where ignored pixels begin, which count nowhere", () => {
    fc.assert(
      fc.property(pictures(3), pictures(3), dilations, (all, { labels: other }, dilation) => {
        const holes = other.flat();
        const labels = all.labels.map((picture, b) =>
          picture.map((label, i) => (holes[(b * picture.length + i) % holes.length] === 2 ? IGNORE : label)),
        );
        const values = boundaryIou(all.predictions.flat(), labels.flat(), {
          shape: shapeOf(all),
          classes: 3,
          dilation,
          ignore: IGNORE,
        });
        values.forEach((value, one) => {
          expect(value).toBeCloseTo(expected({ ...all, labels }, one, { dilation }), 14);
        });
        // whatever is predicted there
        const anything = all.predictions.flat().map((value, i) => (labels.flat()[i] === IGNORE ? 77 : value));
        expect(boundaryIou(anything, labels.flat(), { shape: shapeOf(all), classes: 3, dilation, ignore: IGNORE })).toEqual(values);
      }),
    );
    // a picture of 3 x 5 whose middle column is ignored: all of both halves is near a contour
    const picture = (middle: number) => Array.from({ length: 15 }, (_, i) => (i % 5 === 2 ? middle : 1));
    const near = (labels: number[]) => boundaryIou(picture(1).with(6, 0), labels, { shape: [3, 5], ignore: IGNORE });
    expect(near(picture(IGNORE))).toBe(11 / 12);
    expect(near(picture(1))).toBe(12 / 13);
  });

  // Counts of intersection and union by the published Python of the authors, its erosion written in NumPy: discs in 60 x 80 pixels.
  describe("has the counts of the authors' program", () => {
    const disc = (width: number, height: number, cx: number, cy: number, r: number) =>
      Uint8Array.from({ length: width * height }, (_, i) => Number(((i % width) - cx) ** 2 + (Math.floor(i / width) - cy) ** 2 < r * r));
    test.each([
      [0.02, 88 / 472, 130 / 446],
      [0.05, 377 / 903, 465 / 849],
      [0.1, 831 / 1237, 894 / 1190],
    ])("at a dilation of %s", (dilation, inside, atEdge) => {
      const of = (...discs: [number, number, number][]) => {
        const [labels, predictions] = discs.map(([x, y, r]) => disc(80, 60, x, y, r));
        return boundaryIou(predictions, labels, { shape: [60, 80], dilation });
      };
      expect(of([40, 30, 20], [43, 32, 18])).toBe(inside);
      expect(of([0, 30, 25], [4, 28, 25])).toBe(atEdge);
    });

    test("where the distance is half a pixel, which rounds to even", () => {
      const [labels, predictions] = [disc(100, 75, 50, 37, 30), disc(100, 75, 55, 37, 30)];
      expect(boundaryIou(predictions, labels, { shape: [1, 75, 100] })).toBe(68 / 844);
    });

    test("for each of three classes", () => {
      const map = (x: number, y: number) =>
        Uint8Array.from({ length: 7500 }, (_, i) => (Math.floor(((i % 100) + x) / 25) + Math.floor((Math.floor(i / 100) + y) / 30)) % 3);
      const values = boundaryIou(map(3, 2), map(0, 0), { shape: [1, 75, 100], classes: 3 });
      expect(values).toEqual([200 / 1343, 164 / 1420, 178 / 1300]);
    });
  });

  test("is 1 for equal masks, symmetric, from 0 to 1, and the same of pictures turned over", () => {
    fc.assert(
      fc.property(pictures(2), dilations, (all, dilation) => {
        const [p, t] = [all.predictions.flat(), all.labels.flat()];
        const of = (a: number[], b: number[]) => boundaryIou(a, b, { shape: shapeOf(all), dilation });
        const value = of(p, t);
        expect(of(t, t)).toBe(1);
        expect(of(t, p)).toBe(value);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        const rows = (values: number[]) =>
          Array.from({ length: values.length / all.width }, (_, y) => values.slice(y * all.width, (y + 1) * all.width));
        const mirrored = (values: number[]) => rows(values).flatMap((row) => row.toReversed());
        expect(of(mirrored(p), mirrored(t))).toBe(value);
        // reversed as a whole, pictures change places, too
        expect(of(p.toReversed(), t.toReversed())).toBe(value);
      }),
    );
  });

  test("is the plain IoU where everything is near a contour", () => {
    fc.assert(
      fc.property(pictures(3), fc.constantFrom(1, 1e9, Number.MAX_VALUE / 1e300), (all, dilation) => {
        const [p, t] = [all.predictions.flat(), all.labels.flat()];
        expect(boundaryIou(p, t, { shape: shapeOf(all), classes: 3, dilation })).toEqual(iou(p, t, 3));
      }),
    );
  });

  test("takes what the other metrics take", () => {
    const [p, t] = [
      [1, 1, 0, 1, 1, 1],
      [1, 0, 0, 1, 1, 1],
    ];
    const value = iouBinary(p, t);
    expect(boundaryIou(p, t, { shape: [2, 3] })).toBe(value);
    expect(boundaryIou([p.slice(0, 3), p.slice(3)], [t.slice(0, 3), t.slice(3)], { shape: [2, 3] })).toBe(value);
    expect(boundaryIou(tensor(p, [2, 3]), t, { shape: [1, 2, 3] })).toBe(value);
    expect(boundaryIou(tensor(p, [2, 3]), Uint8Array.from(t))).toBe(value);
    expect(boundaryIou(p, tensor(t, [1, 1, 2, 3]))).toBe(value);
    expect(boundaryIou(tensor(p, [1, 2, 3]), tensor(t, [1, 2, 3]), { classes: 2 })).toEqual(iou(p, t, 2));
    const two = { shape: [2, 1, 3], perImage: true };
    expect(boundaryIou([p.slice(0, 3), p.slice(3)], t, two)).toBe((1 / 2 + 1) / 2);
    expect(boundaryIou(p, tensor(t, [2, 3]), two)).toBe((1 / 2 + 1) / 2);
    expect(boundaryIou([true, false] as never, [1, 1], { shape: [1, 2] })).toBe(1 / 2);
  });

  test("takes what `empty` says where nothing is predicted or true", () => {
    expect(boundaryIou([0, 0], [0, 0], { shape: [1, 2] })).toBe(1);
    expect(boundaryIou([0, 0], [0, 0], { shape: [1, 2], empty: 0 })).toBe(0);
    expect(boundaryIou([0, 0], [0, 0], { shape: [1, 2], classes: 3, empty: 0.5 })).toEqual([1, 0.5, 0.5]);
    expect(boundaryIou([], [], { shape: [0, 4, 4] })).toBe(1);
    expect(boundaryIou([], [], { shape: [2, 0, 4], perImage: true, empty: 0.5 })).toBe(0.5);
    expect(boundaryIou([9, 9], [9, 9], { shape: [1, 2], ignore: 9 })).toBe(1);
  });

  test("refuses pictures of no known or of another width", () => {
    const refuse = (pattern: RegExp, ...args: Parameters<typeof boundaryIou>) => expectError(() => boundaryIou(...args), "shape", pattern);
    refuse(/are arrays, whose pictures have no known width; pass \{ shape: \[B, H, W\] \}/, [0, 1], [0, 1]);
    refuse(/the shape of labels is \[2\], expected \[B, H, W\], \[B, 1, H, W\], or \[H, W\]/, [0, 1], tensor([0, 1]));
    refuse(/shape is \[1, 2, 1, 1\], expected \[B, H, W\]/, [0, 1], [0, 1], { shape: [1, 2, 1, 1] });
    refuse(/predictions is of shape \[1, 2\] and labels of \[2, 1\]/, tensor([0, 1], [1, 2]), tensor([0, 1], [2, 1]));
    refuse(/shape is \[1, 4\], but predictions has 2 entries/, [0, 1], [0, 1], { shape: [1, 1, 4] });
    refuse(/shape is "2", expected an array/, [0, 1], [0, 1], { shape: "2" as never });
    refuse(/shape is \[1, 2\], but predictions has 3 entries/, [0, 1, 1], tensor([0, 1], [1, 2]));
    const uneven = [[0, 1, 1], [1]];
    refuse(/a picture of predictions and labels has 3 pixels, expected 1 x 2 = 2/, uneven, uneven, { shape: [2, 1, 2] });
  });

  test("refuses what is no class number, and options that mean nothing", () => {
    const shape = [1, 3];
    const { two, more } = { two: { shape }, more: { shape, classes: 3 } };
    expectError(() => boundaryIou([0.5, 0, 0], [1, 0, 0], two), "label", /predictions\[0\] is 0.5, expected 0..1/);
    expectError(() => boundaryIou([0, 0, 0], [0, 255, 1], two), "label", /labels\[1\] is 255, expected 0..1; pass \{ ignore: 255 \}/);
    expectError(() => boundaryIou([0, 0, 0], [0, 2, 1], two), "label", /; class numbers want the option classes/);
    expectError(() => boundaryIou([0, 3, 0], [0, 2, 1], more), "label", /predictions\[1\] is 3, expected 0..2/);
    for (const dilation of [-1, Number.NaN, "0.02"]) {
      expectError(() => boundaryIou([0], [0], { shape: [1, 1], dilation } as never), "option", /dilation is .*at least 0/);
    }
    for (const classes of [0, 1.5, null])
      expectError(() => boundaryIou([0], [0], { shape: [1, 1], classes } as never), "option", /classes/);
    expectError(() => boundaryIou([0], [0], { shape: [1, 1], distance: 1 } as never), "option", /no option "distance"; it knows ignore,/);
  });
});

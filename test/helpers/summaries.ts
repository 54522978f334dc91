// Pairs of summaries that can be merged, of all losses.
import fc from "fast-check";
import { type SketchLoss, type Summary, sketch } from "../../src/sketch/index.js";
import { labelsOf, logitsOf, VOID } from "./arbitraries.js";

const PIXELS = 12;

/** Two summaries of the same loss, classes and bins; those of the hinge often differ in range. */
export const summaries: fc.Arbitrary<[Summary, Summary]> = fc
  .record({ loss: fc.constantFrom<SketchLoss>("hinge", "sigmoid", "softmax"), bins: fc.constantFrom(2, 64, 1024) })
  .chain(({ loss, bins }) => {
    const classes = loss === "softmax" ? 3 : 1;
    const one = fc
      .tuple(logitsOf(PIXELS * classes), labelsOf(PIXELS, Math.max(classes, 2)), fc.constantFrom(1, 1, 0.01, 100))
      .map(([logits, labels, scale]) => {
        const shape = classes === 1 ? [PIXELS] : [1, classes, PIXELS];
        return sketch(
          loss,
          logits.map((x) => scale * x),
          labels,
          { shape, bins, ignore: VOID },
        );
      });
    return fc.tuple(one, one);
  });

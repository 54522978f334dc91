import { describe, expect, test } from "vitest";
import { lovaszHinge, lovaszMultilabel, lovaszSoftmax, SegmentationLoss, tensor } from "../../src/index.js";
import { expectError } from "../helpers/errors.js";
import { integers, normals } from "../helpers/random.js";

describe("new SegmentationLoss({ mode, ...options })", () => {
  const logits = normals(24, 9);
  const outputs = () => tensor(logits, [2, 3, 4], { requiresGrad: true });

  test("is the Lovász loss of its mode, over all images together", () => {
    const [each, perPixel] = [integers(24, 2, 1), integers(8, 3, 2)];
    const binary = new SegmentationLoss({ mode: "binary" });
    expect(binary.forward(outputs(), each).item()).toBe(lovaszHinge(outputs(), each, { perImage: false }).item());
    const undecided = new SegmentationLoss({ mode: "binary", perImage: undefined });
    expect(undecided.forward(outputs(), each).item()).toBe(binary.forward(outputs(), each).item());
    const multiclass = new SegmentationLoss({ mode: "multiclass", classes: "all", classWeights: [1, 2, 3] });
    const expected = lovaszSoftmax(outputs(), perPixel, { classes: "all", classWeights: [1, 2, 3] });
    expect(multiclass.forward(outputs(), perPixel).item()).toBe(expected.item());
    const multilabel = new SegmentationLoss({ mode: "multilabel", perImage: true });
    expect(multilabel.forward(outputs(), each).item()).toBe(lovaszMultilabel(outputs(), each, { perImage: true }).item());
  });

  test("is in the graph of the outputs", () => {
    const input = outputs();
    new SegmentationLoss({ mode: "multiclass", ignore: 255 }).forward(input, [0, 1, 2, 255, 0, 1, 2, 255]).mul(2).backward();
    const other = outputs();
    lovaszSoftmax(other, [0, 1, 2, 255, 0, 1, 2, 255], { ignore: 255 }).backward();
    expect(input.grad!.toArray()).toEqual(other.grad!.mul(2).toArray());
  });

  test("refuses unknown modes, and options that its mode does not have, when it is made", () => {
    const make = (options: unknown) => () => new SegmentationLoss(options as never);
    for (const wrong of [undefined, null, "binary", {}]) expectError(make(wrong), "option", /expected \{ mode: "binary"/);
    expectError(make({ mode: "both" }), "option", /mode is "both"/);
    expectError(make({ mode: "binary", classes: "all" }), "option", /of mode "binary" has no option "classes"/);
    expectError(make({ mode: "multilabel", classWeights: [1] }), "option", /has no option "classWeights"/);
    expectError(make({ mode: "multiclass", ignored: 255 }), "option", /has no option "ignored"/);
  });
});

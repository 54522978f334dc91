import { describe, expect, test } from "vitest";
import { type CheckOptions, checkLoss, type LossUnderTest } from "../../src/fuzz/index.js";
import { plain } from "./plain.js";

const right = plain("hinge");

const causesOf = async (loss: LossUnderTest, options: Partial<CheckOptions> = {}) =>
  (await checkLoss(loss, { kind: "hinge", runs: 60, seed: 1, maxPixels: 40, ...options })).causes;

describe("causes of checkLoss", () => {
  test("there are none of a right loss", async () => {
    expect(await causesOf(right)).toEqual([]);
  });

  test("laws that hold without an option in the cases are told of as one", async () => {
    const [cause, ...others] = await causesOf((v, l, { ignore, ...options }) => right(v, l, options));
    expect(others).toEqual([]);
    expect(cause.summary).toBe("every case that breaks them has the option ignore");
    expect(cause.laws).toEqual(expect.arrayContaining(["isExtension", "hasSubgradient", "ignoresVoid"]));
    const [ofImages] = await causesOf((v, l, { perImage, ...options }) => right(v, l, { ...options, perImage: false }));
    expect(ofImages).toMatchObject({ summary: "every case that breaks them has several images, or the option perImage" });
    const softmax = plain("softmax");
    const [ofClasses] = await causesOf((v, l, { classes, ...options }) => softmax(v, l, options), { kind: "softmax" });
    expect(ofClasses).toMatchObject({ summary: "every case that breaks them has the option classes" });
  });

  test("so are those that hold where each image has a pixel, or a positive, or with another default", async () => {
    const counts = (labels: Int32Array, of: (label: number) => boolean) => Array.from(labels).some(of);
    const all: LossUnderTest = (v, l, o) => {
      if (!counts(l, (label) => label !== o.ignore)) throw new TypeError("nothing to sort");
      return right(v, l, o);
    };
    expect((await causesOf(all, { maxPixels: 3 })).map(({ summary }) => summary)).toEqual([
      "the loss threw TypeError: nothing to sort; every case that breaks them has an image whose pixels are all ignored",
    ]);
    const none: LossUnderTest = (v, l, o) => {
      if (!counts(l, (label) => label === 1)) throw new TypeError("no foreground");
      return right(v, l, o);
    };
    expect((await causesOf(none, { honours: [] })).map(({ summary }) => summary)).toEqual([
      "the loss threw TypeError: no foreground; every case that breaks them has an image without positives",
    ]);
    const softmax = plain("softmax");
    const averages: LossUnderTest = (v, l, o) => softmax(v, l, { ...o, classes: o.classes ?? "all" });
    expect((await causesOf(averages, { kind: "softmax" })).map(({ summary }) => summary)).toEqual([
      "they hold if the loss is to average all classes where the option classes is left out",
    ]);
  });

  test("so are those that a wrong value breaks, and those that only a wrong gradient does", async () => {
    const twice: LossUnderTest = async (...given) => ({ ...(await right(...given)), value: 2 * ((await right(...given)).value as number) });
    expect((await causesOf(twice)).map(({ summary, laws }) => [summary, laws[0]])).toEqual([["the value is wrong", "isExtension"]]);
    const flat: LossUnderTest = async (...given) => ({ ...(await right(...given)), grad: given[0].map(() => 0) });
    expect((await causesOf(flat)).map(({ summary, laws }) => [summary, laws[0]])).toEqual([["the gradient is wrong", "hasSubgradient"]]);
  });

  test("a fault of large images only is told as one", async () => {
    const dropping: LossUnderTest = (v, l, o) => {
      const images = o.shape[0];
      const pixels = v.length / images;
      // an index of a byte
      return right(
        v.map((value, i) => (i % pixels > 255 ? v[i - 256] : value)),
        l,
        o,
      );
    };
    expect((await causesOf(dropping, { maxPixels: 600, honours: [] })).map(({ summary }) => summary)).toEqual([
      "every case that breaks them has images of more than 64 pixels",
    ]);
  });

  test("a wrong value is the one cause, whatever else the cases of some laws have in common", async () => {
    // right where all pixels are wrong
    const constant: LossUnderTest = (v) => ({ value: 1, grad: v.map(() => 0) });
    expect(await causesOf(constant, { runs: 200, seed: 5, maxPixels: undefined })).toMatchObject([{ summary: "the value is wrong" }]);
  });

  test("so are those that one exception breaks, whatever its numbers", async () => {
    const throws: LossUnderTest = (...given) => {
      if (given[0].length > 3) throw new RangeError(`${given[0].length} pixels are too many`);
      return right(...given);
    };
    expect(await causesOf(throws)).toMatchObject([{ summary: "the loss threw RangeError: … pixels are too many" }]);
  });
});

test("checkLoss checks `only` laws, less those of `skip`, several at once, and tells them in their order", async () => {
  const told: string[] = [];
  let [open, most] = [0, 0];
  const slow: LossUnderTest = async (...given) => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setTimeout(resolve, 1));
    open--;
    return right(...given);
  };
  const only = ["isConvex", "answersNumbers", "ignoresOrder", "sharesTies"] as const;
  const options = { only, skip: ["answersNumbers"], atOnce: 2, onLaw: ({ law }: { law: string }) => told.push(law) } as const;
  const { laws } = await checkLoss(slow, { kind: "hinge", runs: 5, seed: 1, maxPixels: 9, ...options });
  expect(told).toEqual(["isConvex", "ignoresOrder", "sharesTies"]);
  expect(laws.map(({ law }) => law)).toEqual(told);
  expect(most).toBe(2);
});

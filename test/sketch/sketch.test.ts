// Summaries of chunks: what they merge to, and that they give the loss and gradient of all data.
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Labels, LovaszError, lovaszHinge, lovaszSigmoid, lovaszSoftmax, memory, type Tensor, valueAndGrad } from "../../src/index.js";
import { apply, fromBytes, merge, type SketchLoss, type Summary, sketch, toBytes, weigh } from "../../src/sketch/index.js";
import { labelsOf, logitsOf, VOID } from "../helpers/arbitraries.js";
import { expectError } from "../helpers/errors.js";
import { normals } from "../helpers/random.js";

type Loss = (input: Tensor, labels: Labels, options?: object) => Tensor;

interface ChunkCase {
  logits: Float32Array;
  labels: Uint8Array;
  shape: readonly number[];
}

const CLASSES = 3;
const BINS = fc.constantFrom(2, 64, 1024);
const losses: [SketchLoss, Loss, number][] = [
  ["hinge", lovaszHinge, 1],
  ["sigmoid", lovaszSigmoid, 1],
  ["softmax", lovaszSoftmax, CLASSES],
];

/** One to five chunks of [images, classes, 6], without classes for the binary losses. */
const chunksOf = (classes: number) =>
  fc.array(
    fc.integer({ min: 1, max: 3 }).chain((images) =>
      fc.record({
        logits: logitsOf(6 * images * classes),
        labels: labelsOf(6 * images, Math.max(classes, 2)),
        shape: fc.constant(classes === 1 ? [images, 6] : [images, classes, 6]),
      }),
    ),
    { minLength: 1, maxLength: 5 },
  );

const joined = (chunks: ChunkCase[]) => ({
  logits: Float32Array.from(chunks.flatMap(({ logits }) => [...logits])),
  labels: Uint8Array.from(chunks.flatMap(({ labels }) => [...labels])),
  shape: [chunks.reduce((sum, { shape }) => sum + shape[0], 0), ...chunks[0].shape.slice(1)],
});

describe.each(losses)("sketch, merge, weigh and apply of %s", (name, loss, classes) => {
  const summaries = (chunks: ChunkCase[], bins: number) =>
    chunks.map(({ logits, labels, shape }) => sketch(name, logits, labels, { shape, ignore: VOID, bins }));

  test("are the loss and gradient of the whole, to the last bit", () => {
    fc.assert(
      fc.property(chunksOf(classes), BINS, (chunks, bins) => {
        const whole = joined(chunks);
        const settings = { shape: whole.shape, ignore: VOID, perImage: false, method: "histogram", bins };
        const expected = valueAndGrad(loss)(whole.logits, whole.labels, settings);
        // through postMessage and back
        const weights = structuredClone(weigh(structuredClone(merge(...summaries(chunks, bins)))));
        expect(Math.fround(weights.value)).toBe(expected.value);
        const came = chunks.flatMap(({ logits, labels, shape }) => [...apply(weights, logits, labels, { shape, ignore: VOID })]);
        expect(came.map((slope) => slope + 0)).toEqual([...expected.grad].map((slope) => slope + 0));
      }),
      { numRuns: 60 },
    );
  });

  test("merge to the same bits in any order and grouping, as if the data had been in one chunk", () => {
    const cut = chunksOf(classes).chain((chunks) =>
      fc.tuple(fc.constant(chunks), fc.shuffledSubarray(chunks, { minLength: chunks.length }), fc.nat()),
    );
    fc.assert(
      fc.property(cut, BINS, ([chunks, shuffled, at], bins) => {
        const whole = joined(chunks);
        const expected = sketch(name, whole.logits, whole.labels, { shape: whole.shape, ignore: VOID, bins });
        const list = summaries(shuffled, bins);
        const middle = at % (list.length + 1);
        const groups = [list.slice(0, middle), list.slice(middle)].filter((group) => group.length > 0);
        const grouped = merge(...groups.map((group) => merge(...group)));
        expect(grouped).toEqual(expected);
        expect(list.reduce((a, b) => merge(b, a))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test("give a loss of 0 and a gradient of zeros where every pixel is ignored", () => {
    const shape = classes === 1 ? [4] : [1, classes, 4];
    const [logits, labels] = [normals(4 * classes, 1), new Uint8Array(4).fill(VOID)];
    const weights = weigh(sketch(name, logits, labels, { shape, ignore: VOID, bins: 64 }));
    expect(weights.value).toBe(0);
    expect(apply(weights, logits, labels, { shape, ignore: VOID }).every((slope) => slope === 0)).toBe(true);
  });
});

test("gives the gradient in the order of the logits, [P, C] too", () => {
  const [logits, labels] = [normals(21, 2), [0, 1, 2, 1, 0, 2, 2]];
  const expected = valueAndGrad(lovaszSoftmax)(logits, labels, { shape: [7, 3], method: "histogram", bins: 256 });
  const weights = weigh(sketch("softmax", logits, labels, { shape: [7, 3], bins: 256 }));
  expect([...apply(weights, logits, labels, { shape: [7, 3] })]).toEqual([...expected.grad]);
});

test("weighs the classes it is told to, absent ones too", () => {
  const [logits, labels] = [normals(12, 3), [0, 1, 1, 0]];
  const summary = sketch("softmax", logits, labels, { shape: [1, 3, 4], bins: 1024 });
  for (const classes of ["present", "all", [2, 0]] as const) {
    const expected = valueAndGrad(lovaszSoftmax)(logits, labels, { shape: [1, 3, 4], classes, method: "histogram", bins: 1024 });
    expect(Math.fround(weigh(summary, { classes }).value)).toBe(expected.value);
  }
});

test("refuses what does not belong together, and leaves no memory behind", () => {
  const before = memory();
  const logits = Float32Array.of(0.5, 2);
  const one = sketch("hinge", logits, [1, 0], { bins: 64 });
  expectError(() => sketch("dice" as never, logits, [1, 0]), "option", /loss is "dice", expected "hinge", "sigmoid" or "softmax"/);
  expectError(() => sketch("hinge", logits, [1, 0], { bins: 100 }), "option", /bins is 100, expected a power of two/);
  expectError(() => sketch("hinge", logits, [1, 0], { pixelWeights: [1, 1] } as never), "option", /no option "pixelWeights"/);
  expectError(() => sketch("hinge", logits, [1, 3]), "label", /labels\[1\] is 3/);
  expectError(() => merge(), "option", /no summaries/);
  expectError(
    () => merge(one, sketch("sigmoid", logits, [1, 0], { bins: 64 })),
    "option",
    /"sigmoid" of 1 class in 64 bins, expected "hinge"/,
  );
  expectError(() => merge(one, sketch("hinge", logits, [1, 0], { bins: 32 })), "option", /in 32 bins/);
  expectError(() => merge(JSON.parse(JSON.stringify(one)) as Summary), "option", /its typed arrays intact/);
  const most = { ...one, pixels: 2 ** 53 - 2, positives: Float64Array.of(1) };
  expectError(() => merge(most, one), "data", /are of 9007199254740992 pixels, expected less than 2\^53/);
  expectError(() => weigh(one, { classes: "all" }), "option", /classes is given/);
  expectError(() => apply({} as never, logits, [1, 0]), "option", /weights has slopes undefined/);
  const three = weigh(sketch("softmax", normals(6, 1), [0, 1], { shape: [2, 3], bins: 64 }));
  expectError(() => apply(three, normals(8, 1), [0, 1], { shape: [2, 4] }), "shape", /4 classes, but the weights are of 3/);
  expect(memory()).toEqual(before);
});

test("summaries with numbers that no sketch has are refused", () => {
  const whole = sketch("hinge", normals(6, 1), [0, 1, 1, 0, 1, 0], { bins: 16 });
  const spoilt = [
    { range: 3 },
    { range: Number.POSITIVE_INFINITY },
    { range: "4" },
    { pixels: undefined },
    { pixels: -1 },
    { positives: Float64Array.of(Number.NaN) },
    { positives: Float64Array.of(7) },
    { bins: 16.5, counts: new Uint32Array(33) },
    { bins: 0, counts: new Uint32Array(0) },
    { positives: new Float64Array(0), counts: new Uint32Array(0) },
    { positives: Float64Array.of(1) },
    { positives: Float64Array.of(5) },
    { pixels: 4, positives: Float64Array.of(3) },
  ];
  for (const wrong of spoilt) {
    const one = { ...whole, ...wrong } as Summary;
    expectError(() => weigh(one), "option", /a summary/);
    expectError(() => merge(whole, one), "option", /a summary/);
  }
});

test("summaries of a softmax are refused whose classes do not have all pixels", () => {
  const whole = sketch("softmax", normals(9, 1), [0, 1, 2], { shape: [3, 3], bins: 16 });
  expect(weigh(whole).value).toBeGreaterThan(0);
  for (const wrong of [
    { positives: Float64Array.of(1, 1, 0) },
    { pixels: 4 },
    { positives: new Float64Array(0), counts: new Uint32Array(0) },
  ]) {
    expectError(() => weigh({ ...whole, ...wrong }), "option", /a summary/);
  }
  const hinge = sketch("hinge", normals(3, 1), [0, 1, 1], { bins: 16 });
  expectError(() => weigh({ ...whole, loss: "hinge" }), "option", /a summary of "hinge" has 3 classes/);
  expectError(() => weigh({ ...hinge, loss: "softmax", range: 1 }), "option", /has 2 positives of all classes, but 3 pixels/);
});

test("values with errors beyond all that was summarised get no gradient of zeros", () => {
  const logits = normals(6, 1);
  const labels = [0, 1, 1, 0, 1, 0];
  const weights = weigh(sketch("hinge", logits, labels));
  const far = logits.map((value) => 100 * value);
  expectError(() => apply(weights, far, labels), "option", /errors of up to \d+, but the weights are of data with errors below \d+/);
});

/** Values that no field of a summary or of weights has. */
const nothings = [
  undefined,
  null,
  "9",
  "",
  true,
  Number.NaN,
  -1,
  1.5,
  Number.POSITIVE_INFINITY,
  10n,
  Symbol("n"),
  {},
  [],
  () => 1,
  new Date(0),
];
const numbers = [...nothings, 0, 3, 2 ** 200, 2 ** -70];

/** `whole` with each field damaged in each way, by name. */
function damaged<T extends object>(whole: T, ways: Record<keyof T, readonly unknown[]>): [string, T][] {
  return Object.entries(ways).flatMap(([field, values]) => {
    const { [field as keyof T]: _, ...missing } = whole;
    const spoilt = (values as unknown[]).map((value): [string, T] => [`${field}: ${String(value)}`, { ...whole, [field]: value }]);
    return [[`without ${field}`, missing as T], ...spoilt];
  });
}

/** A typed array with one entry changed, or of another length or kind. */
const arrays = <T extends Float32Array | Float64Array | Uint32Array>(whole: T, entries: readonly number[]) => {
  const kinds = [Float32Array, Float64Array, Uint32Array, Int32Array, Uint8Array, Array].filter((kind) => !(whole instanceof kind));
  const places = [...whole.keys()].filter((i) => i < 4 || i % 7 === 0);
  return [
    ...nothings,
    ...kinds.map((kind) => (kind as typeof Float32Array).from(whole)),
    new DataView(whole.buffer),
    whole.slice(1),
    new (whole.constructor as Float32ArrayConstructor)(whole.length + 1),
    new (whole.constructor as Float32ArrayConstructor)(0),
    ...places.flatMap((at) => entries.map((entry) => whole.map((value, i) => (i === at ? entry : value)))),
  ];
};

describe.each(losses)("damaged data of %s", (loss, _, classes) => {
  const [logits, labels] = [normals(6 * classes, 1), classes === 1 ? [0, 1, 1, 0, 1, 0] : [0, 1, 2, 0, 1, 0]];
  const shape = classes === 1 ? [6] : [6, classes];
  const whole = sketch(loss, logits, labels, { shape, bins: 16 });
  const weights = weigh(whole);
  const others = ["Hinge", "dice"];
  // of the binary losses any count of positives may be right, as long as there are pixels
  const fewer = classes === 1 ? [] : [whole.pixels - 1, whole.pixels + 1];

  test("is refused by merge and weigh, whichever field is damaged", () => {
    const ways = {
      loss: [...nothings, ...others],
      bins: [...numbers, 1, 8, 32, 2 ** 21],
      range: loss === "hinge" ? numbers : [...numbers, 0.5, 2],
      pixels: [...nothings, 0, 2 ** 60, ...fewer],
      positives: arrays(whole.positives, [Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, 7, 2 ** 60]),
      counts: arrays(whole.counts, [7, 2 ** 32 - 1]),
    };
    for (const [name, one] of damaged<Summary>(whole, ways)) {
      for (const call of [() => weigh(one), () => merge(whole, one), () => merge(one)]) refusedAs(call, name);
    }
    for (const one of nothings) refusedAs(() => weigh(one as never), String(one));
  });

  test("is refused by apply, whichever field is damaged", () => {
    const ways = {
      loss: [...nothings, ...others, ...(classes === 1 ? ["softmax"] : ["hinge", "sigmoid"])],
      bins: [...numbers, 1, 8, 32, 2 ** 21],
      range: loss === "hinge" ? [...numbers, 5, 1e30] : [...numbers, 0.5, 2],
      value: [...nothings.filter((value) => value !== 1.5), 1e9],
      slopes: arrays(weights.slopes, [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2, 2 ** -20]),
      checksum: [...nothings, 0, weights.checksum + 1],
    };
    for (const [name, one] of damaged<typeof weights>(weights, ways)) {
      refusedAs(() => apply(one, logits, labels, { shape }), name, ["option", "shape"]);
    }
    for (const one of nothings) refusedAs(() => apply(one as never, logits, labels, { shape }), String(one));
  });

  test("is not what another context made", () => {
    const context = runInNewContext("({ Float32Array, Float64Array, Uint32Array })");
    const summary = { ...whole, positives: context.Float64Array.from(whole.positives), counts: context.Uint32Array.from(whole.counts) };
    expect(weigh(merge(summary))).toEqual(weights);
    const from = { ...weights, slopes: context.Float32Array.from(weights.slopes) };
    expect(apply(from, logits, labels, { shape })).toEqual(apply(weights, logits, labels, { shape }));
  });
});

describe.each(losses)("more pixels of %s than 32 bits can count", (name, _, classes) => {
  const [logits, labels] = [
    normals(60 * classes, 1),
    Uint8Array.from(normals(60, 2), (x) => (x < 0.3 ? 0 : classes === 1 ? 1 : x < 1 ? 1 : 2)),
  ];
  const shape = classes === 1 ? [60] : [60, classes];
  const count = (scale = 1) =>
    sketch(
      name,
      logits.map((x) => scale * x),
      labels,
      { shape, bins: 64 },
    );
  // of so many copies of the data; each doubling is a merge
  const copies = (one: Summary, doublings: number) => Array.from({ length: doublings }).reduce<Summary>((all) => merge(all, all), one);

  // Jaccard's weights of 2^k times the pixels are those of one, divided by 2^k, where ties share.
  test("have the loss of their share, and its gradient in parts", () => {
    const one = weigh(count());
    for (const doublings of [20, 30, 33, 40]) {
      const many = copies(count(), doublings);
      expect(Math.max(...many.counts)).toBe(2 ** doublings * Math.max(...count().counts));
      const weights = weigh(many);
      expect(weights.value).toBeCloseTo(one.value, 6);
      for (const [i, n] of many.counts.entries()) {
        // each class has two slopes of errors of 0 before those of its bins
        const at = i + 2 + 2 * Math.floor(i / (2 * many.bins));
        if (n > 0) expect(2 ** doublings * weights.slopes[at]).toBeCloseTo(one.slopes[at], 6);
      }
      expect(apply(weights, logits, labels, { shape }).length).toBe(logits.length);
    }
  });

  test("merge to the same bits in any order, and are bytes", () => {
    const [a, b, c] = [copies(count(), 33), copies(count(name === "hinge" ? 5 : 0.5), 30), count()];
    const all = merge(a, b, c);
    expect(all.counts).toBeInstanceOf(Float64Array);
    for (const same of [merge(c, b, a), merge(merge(b, c), a), merge(merge(a, c), fromBytes(toBytes(b)))]) expect(same).toEqual(all);
    expect(fromBytes(toBytes(all))).toEqual(all);
    expect(weigh(fromBytes(toBytes(all)))).toEqual(weigh(all));
  });

  test("are in 32 bits where all counts fit, whatever the number of pixels", () => {
    const few = sketch(name, normals(256 * classes, 3), new Uint8Array(256), { shape: classes === 1 ? [256] : [256, classes], bins: 1024 });
    const most = Math.max(...few.counts);
    const doublings = Math.floor(Math.log2((2 ** 32 - 1) / most));
    const many = copies(few, doublings);
    expect(many.pixels).toBeGreaterThan(2 ** 32);
    expect(many.counts).toBeInstanceOf(Uint32Array);
    expect(fromBytes(toBytes(many))).toEqual(many);
    expect(merge(many, many).counts).toBeInstanceOf(most * 2 ** (doublings + 1) < 2 ** 32 ? Uint32Array : Float64Array);
  });

  test("are refused when damaged", () => {
    const many = copies(count(), 33);
    const at = many.counts.findIndex((n) => n > 0);
    const wrongs = [Number.NaN, -1, 0.5, 2 ** 60, many.pixels + 1].map((value) => many.counts.map((n, i) => (i === at ? value : n)));
    const small = many.counts.map((n) => n / 2 ** 33);
    for (const counts of [...wrongs, small, Float32Array.from(many.counts)]) {
      for (const call of [() => weigh({ ...many, counts } as Summary), () => merge(many, { ...many, counts } as Summary)])
        refusedAs(call, String(counts[at]));
    }
  });
});

function refusedAs(call: () => unknown, name: string, codes: readonly string[] = ["option"]): void {
  const before = memory();
  let caught: unknown = null;
  try {
    call();
  } catch (error) {
    caught = error;
  }
  expect(caught, name).toBeInstanceOf(LovaszError);
  expect(codes, name).toContain((caught as LovaszError).code);
  expect(memory()).toEqual(before);
}

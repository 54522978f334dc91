// Every kernel between guard bytes: it writes all of its outputs and nothing beside what its comment says, whichever its options are.
// Their values are the business of test/ops and test/losses.
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { KIND } from "../../src/losses/method.js";
import { writeTask } from "../../src/losses/task.js";
import { coreBinary, coreOn, STATIC_BYTES } from "../../src/wasm/core.js";
import { kernels } from "../../src/wasm/instance.js";
import { dataView, scratch, viewF32, viewI32 } from "../../src/wasm/memory.js";
import { SharedMemory } from "../../src/wasm/sharedMemory.js";
import { calling, checkEntry, type Draw, type Entry, each, SIZES, together } from "../helpers/guardCases.js";
import { type Arena, type Block, inOut, input, OWN, output, padded, scratchOf, taskOf } from "../helpers/guards.js";

const TILE = kernels.TILE.value;
const KINDS = [KIND.hinge, KIND.sigmoid, KIND.probability, KIND.errors];
const flags = [false, true];
const BINS = [1, 2, 5, 64, 1000];
// of the set function: Jaccard, Dice, false negatives or false positives that weigh nothing
const SHARES = [
  [1, 1],
  [0.5, 0.5],
  [0.7, 0],
  [0, 1],
] as const;

// of kernels whose work grows with a second size, too
const SHORT = SIZES.filter((n) => n < 300);

// ---- elementwise, in whole vectors

const row = (draw: Draw, n: number) => input(draw.floats(n), padded(4 * n));
const rowOut = (n: number) => output(4 * n, { room: padded(4 * n) });

const binaries = ["add_f32", "sub_f32", "mul_f32", "div_f32"] as const;
const unaries = ["neg_f32", "exp_f32", "log_f32", "sqrt_f32", "abs_f32", "relu_f32", "sigmoid_f32", "tanh_f32"] as const;
const activations = ["silu", "gelu", "hardswish", "relu6"] as const;
const adjoints = ["expGrad_f32", "logGrad_f32", "sqrtGrad_f32", "absGrad_f32", "reluGrad_f32", "sigmoidGrad_f32", "tanhGrad_f32"] as const;

const elementwise: Record<string, Entry> = {
  ...Object.fromEntries(
    activations.flatMap((name): [string, Entry][] => [
      [
        `${name}_f32`,
        each({}, (n, _, draw) => calling({ a: row(draw, n), out: rowOut(n) }, (k, { a, out }) => k[`${name}_f32`](a, out, n))),
      ],
      [
        `${name}Grad_f32`,
        each({}, (n, _, draw) =>
          calling({ a: row(draw, n), b: row(draw, n), out: rowOut(n) }, (k, { a, b, out }) => k[`${name}Grad_f32`](a, b, out, n)),
        ),
      ],
    ]),
  ),
  leakyRelu_f32: each({}, (n, _, draw) =>
    calling({ a: row(draw, n), out: rowOut(n) }, (k, { a, out }) => k.leakyRelu_f32(a, 0.01, out, n)),
  ),
  leakyReluGrad_f32: each({}, (n, _, draw) =>
    calling({ a: row(draw, n), b: row(draw, n), out: rowOut(n) }, (k, { a, b, out }) => k.leakyReluGrad_f32(a, 0.01, b, out, n)),
  ),
  ...Object.fromEntries(
    [...binaries, ...adjoints].map((name) => [
      name,
      each({}, (n, _, draw) => calling({ a: row(draw, n), b: row(draw, n), out: rowOut(n) }, (k, { a, b, out }) => k[name](a, b, out, n))),
    ]),
  ),
  ...Object.fromEntries(
    unaries.map((name) => [
      name,
      each({}, (n, _, draw) => calling({ a: row(draw, n), out: rowOut(n) }, (k, { a, out }) => k[name](a, out, n))),
    ]),
  ),
  reluGradSums_f32: each({}, (n, _, draw) =>
    calling({ a: row(draw, n), b: row(draw, n), out: rowOut(n), sums: rowOut(1) }, (k, { a, b, out, sums }) =>
      k.reluGradSums_f32(a, b, out, sums, 1, n),
    ),
  ),
  fill_f32: each({}, (n) => calling({ out: rowOut(n) }, (k, { out }) => k.fill_f32(3, out, n))),
  scale_f32: together(
    each({}, (n, _, draw) => calling({ a: row(draw, n), out: rowOut(n) }, (k, { a, out }) => k.scale_f32(a, 3, out, n))),
    each({}, (n, _, draw) => calling({ a: inOut(draw.floats(n), padded(4 * n)) }, (k, { a }) => k.scale_f32(a, 3, a, n))),
  ),
  addScaled_f32: each({}, (n, _, draw) =>
    calling({ a: inOut(draw.floats(n), padded(4 * n)), b: row(draw, n) }, (k, { a, b }) => k.addScaled_f32(a, b, 3, n)),
  ),
  lerp_f32: each({ weight: [0, 0.1, 0.9, 1] }, (n, { weight }, draw) =>
    calling({ a: inOut(draw.floats(n), padded(4 * n)), b: row(draw, n) }, (k, { a, b }) => k.lerp_f32(a, b, weight, n)),
  ),
  sumSquares_f32: each({}, (n, _, draw) => calling({ a: input(draw.floats(n)) }, (k, { a }) => k.sumSquares_f32(a, n))),
  sgd_f32: each({ momentum: [0, 0.9], decay: [0, 0.1] }, (n, { momentum, decay }, draw) =>
    calling(
      {
        parameter: inOut(draw.floats(n), padded(4 * n)),
        gradient: row(draw, n),
        velocity: inOut(draw.floats(n), padded(4 * n)),
      },
      (k, { parameter, gradient, velocity }) => k.sgd_f32(parameter, gradient, velocity, n, 0.1, momentum, decay),
    ),
  ),
};

// ---- operators, to the element

// [outer, n, inner]; some calls have no elements
const axes = { outer: [0, 1, 2, 3], inner: [0, 1, 2, 4, 5, 9, 17] };
const f32 = (elements: number) => output(4 * elements);

const operators: Record<string, Entry> = {
  pow_f32: each({ exponent: [0, 0.5, 2, -1] }, (n, { exponent }, draw) =>
    calling({ a: input(draw.floats(n, 0.1)), out: f32(n) }, (k, { a, out }) => k.pow_f32(a, exponent, out, n)),
  ),
  powGrad_f32: each({ exponent: [0, 0.5, 2, -1] }, (n, { exponent }, draw) =>
    calling({ a: input(draw.floats(n, 0.1)), g: input(draw.floats(n)), out: f32(n) }, (k, { a, g, out }) =>
      k.powGrad_f32(a, exponent, g, out, n),
    ),
  ),
  sum_f32: each(
    axes,
    (n, { outer, inner }, draw) =>
      calling({ a: input(draw.floats(outer * n * inner)), out: f32(outer * inner) }, (k, { a, out }) =>
        k.sum_f32(a, out, outer, n, inner, 0.5),
      ),
    SHORT,
  ),
  cumsum_f32: each(
    { ...axes, reverse: flags },
    (n, { outer, inner, reverse }, draw) =>
      calling({ a: input(draw.floats(outer * n * inner)), out: f32(outer * n * inner) }, (k, { a, out }) =>
        k.cumsum_f32(a, out, outer, n, inner, reverse),
      ),
    SHORT,
  ),
  max_f32: each(
    axes,
    (n, { outer, inner }, draw) =>
      calling({ a: input(draw.floats(outer * n * inner)), out: f32(outer * inner), index: f32(outer * inner) }, (k, { a, out, index }) =>
        k.max_f32(a, out, index, outer, n, inner),
      ),
    SHORT.slice(1),
  ),
  maxGrad_f32: each(
    axes,
    (n, { outer, inner }, draw) =>
      calling(
        { g: input(draw.floats(outer * inner)), index: input(draw.indices(outer * inner, n)), out: f32(outer * n * inner) },
        (k, { g, index, out }) => k.maxGrad_f32(g, index, out, outer, n, inner),
      ),
    SHORT.slice(1),
  ),
  softmax_f32: each(
    { ...axes, logarithm: flags },
    (n, { outer, inner, logarithm }, draw) =>
      calling({ a: input(draw.floats(outer * n * inner)), out: f32(outer * n * inner) }, (k, { a, out }) =>
        k.softmax_f32(a, out, outer, n, inner, logarithm),
      ),
    SHORT,
  ),
  softmaxGrad_f32: each(
    { ...axes, logarithm: flags },
    (n, { outer, inner, logarithm }, draw) => {
      const size = outer * n * inner;
      return calling({ y: input(draw.floats(size)), g: input(draw.floats(size)), out: f32(size) }, (k, { y, g, out }) =>
        k.softmaxGrad_f32(y, g, out, outer, n, inner, logarithm),
      );
    },
    SHORT,
  ),
  // blocks of n bytes, whose gaps stay
  copyBlocks: each({ count: [0, 1, 2, 5], gap: [0, 1, 16], fromGap: [0, 3] }, (n, { count, gap, fromGap }, draw) => {
    const from = Uint8Array.from({ length: count * (n + fromGap) }, () => draw.int(0, 255));
    const rows = Array.from({ length: count }, (_, i): [string, Block][] => [
      [`row ${i}`, { ...output(n, { align: 1 }), adjoins: true }],
      [`gap ${i}`, { ...input(new Uint8Array(gap)), adjoins: true }],
    ]);
    return calling({ from: input(from), to: input(new Uint8Array(0)), ...Object.fromEntries(rows.flat()) }, (k, { from, to }) =>
      k.copyBlocks(from, n + fromGap, to, n + gap, n, count),
    );
  }),
  // planes of 0 to 11 rows of n
  maxPool2d_f32: each(
    { planes: [0, 1, 3], size: [1, 2, 3] },
    (n, { planes, size }, draw) => {
      const height = draw.int(0, 11);
      const windows = planes * Math.floor(height / size) * Math.floor(n / size);
      return calling({ a: input(draw.floats(planes * height * n)), out: f32(windows), index: f32(windows) }, (k, { a, out, index }) =>
        k.maxPool2d_f32(a, out, index, planes, height, n, size),
      );
    },
    SHORT,
  ),
  maxPool2dGrad_f32: each({ planes: [0, 1, 3] }, (n, { planes }, draw) => {
    const outer = n === 0 ? draw.int(0, 9) : 4 * n + draw.int(0, 9);
    return calling(
      { g: input(draw.floats(planes * n)), index: input(draw.indices(planes * n, outer)), out: f32(planes * outer) },
      (k, { g, index, out }) => k.maxPool2dGrad_f32(g, index, out, planes, n, outer),
    );
  }),
  sumPool2d_f32: each(
    { planes: [0, 1, 3], size: [1, 2, 3] },
    (n, { planes, size }, draw) => {
      const height = draw.int(0, 11);
      const windows = planes * Math.floor(height / size) * Math.floor(n / size);
      return calling({ a: input(draw.floats(planes * height * n)), out: f32(windows) }, (k, { a, out }) =>
        k.sumPool2d_f32(a, out, planes, height, n, size, 0.25),
      );
    },
    SHORT,
  ),
  gather_f32: each({ count: [0, 1, 7] }, (n, { count }, draw) =>
    calling({ a: input(draw.floats(5 * n)), index: input(draw.indices(count, 5)), out: f32(count * n) }, (k, { a, index, out }) =>
      k.gather_f32(a, index, out, count, n),
    ),
  ),
  scatterAdd_f32: each({ count: [0, 1, 7] }, (n, { count }, draw) =>
    calling(
      { g: input(draw.floats(count * n)), index: input(draw.indices(count, 5)), out: inOut(draw.floats(5 * n)) },
      (k, { g, index, out }) => k.scatterAdd_f32(g, index, out, count, n),
    ),
  ),
  // the last axis has n elements, next to each other, all the same, or two apart
  stridedCopy_f32: each(
    { rank: [1, 2, 4], step: [0, 1, 2] },
    (n, { rank, step }, draw) => {
      const shape = Int32Array.from({ length: rank }, (_, i) => (i === rank - 1 ? n : draw.int(1, 3)));
      const strides = shape.map((_, i) => (i === rank - 1 ? step : draw.int(0, 4)));
      const source = 1 + shape.reduce((sum, length, i) => sum + (length - 1) * strides[i], 0);
      const size = shape.reduce((product, length) => product * length, 1);
      return calling(
        {
          source: input(draw.floats(source)),
          shape: input(shape),
          strides: input(strides),
          counter: scratchOf(4 * rank),
          out: f32(size),
        },
        (k, { source, shape, strides, counter, out }) => k.stridedCopy_f32(source, out, rank, shape, strides, counter),
      );
    },
    SIZES.slice(1),
  ),
  scaleRow_f32: each({}, (n, _, draw) =>
    calling({ a: input(draw.floats(n)), out: f32(n) }, (k, { a, out }) => k.scaleRow_f32(a, 3, out, n)),
  ),
};

// ---- labels and targets

const IGNORED = [255, 0, -1, 300];

// labels below `classes` or `ignore`; one of them is neither where `bad`
function rawLabels(draw: Draw, n: number, classes: number, ignore: number, bad: boolean): number[] {
  const occurs = ignore >= 0 && ignore < 256;
  const labels = Array.from({ length: n }, () => (occurs && (classes === 0 || draw.next() < 0.2) ? ignore : draw.int(0, classes - 1)));
  if (bad && n > 0) labels[draw.int(0, n - 1)] = 200;
  return labels;
}

// what is written where all labels are good
const labelsOut = (bytes: number, bad: boolean, align = 4) => (bad ? { ...scratchOf(bytes), align } : output(bytes, { align }));

const labels: Record<string, Entry> = {
  labels_u8: each({ ignore: IGNORED, classes: [1, 5, 128], bad: flags }, (n, { ignore, classes, bad }, draw) =>
    calling(
      { labels: input(Uint8Array.from(rawLabels(draw, n, classes, ignore, bad))), out: labelsOut(4 * n, bad) },
      (k, { labels, out }) => k.labels_u8(labels, out, n, classes, ignore),
    ),
  ),
  labels_u8_i8: together(
    each({ ignore: IGNORED, classes: [1, 5, 128], bad: flags }, (n, { ignore, classes, bad }, draw) =>
      calling(
        { labels: input(Uint8Array.from(rawLabels(draw, n, classes, ignore, bad))), out: labelsOut(n, bad, 1) },
        (k, { labels, out }) => k.labels_u8_i8(labels, out, n, classes, ignore),
      ),
    ),
    each({ ignore: IGNORED, classes: [1, 5, 128], bad: flags }, (n, { ignore, classes, bad }, draw) =>
      calling({ both: inOut(Uint8Array.from(rawLabels(draw, n, classes, ignore, bad))) }, (k, { both }) =>
        k.labels_u8_i8(both, both, n, classes, ignore),
      ),
    ),
  ),
  labels_i32: each({ ignore: IGNORED, classes: [1, 5, 128], bad: flags }, (n, { ignore, classes, bad }, draw) =>
    calling(
      { labels: input(Int32Array.from(rawLabels(draw, n, classes, ignore, bad))), out: labelsOut(4 * n, bad) },
      (k, { labels, out }) => k.labels_i32(labels, out, n, classes, ignore),
    ),
  ),
  narrow_i32: together(
    each({}, (n, _, draw) =>
      calling({ labels: input(draw.labels(n, 5)), out: output(n, { align: 1 }) }, (k, { labels, out }) => k.narrow_i32(labels, out, n)),
    ),
    each({}, (n, _, draw) => calling({ both: inOut(draw.labels(n, 5)) }, (k, { both }) => k.narrow_i32(both, both, n))),
  ),
  firstOutside_f32: each({ repeat: [1, 2, 3] }, (n, _, draw) => {
    const values = draw.floats(n, 0, 1);
    if (values.length > 0 && draw.bool()) values[draw.int(0, values.length - 1)] = draw.pick([-1, 2, Number.NaN]);
    return calling({ values: input(values), labels: input(draw.labels(n, 2)) }, (k, { values, labels }) =>
      k.firstOutside_f32(values, labels, n, 0, 1),
    );
  }),
  oneHotClass_f32: each({ images: [0, 1, 3], classes: [0, 1, 4], last: flags, bad: flags }, (n, { images, classes, last, bad }, draw) => {
    const values = new Float32Array(images * classes * n);
    for (const [i, label] of draw.labels(images * n, classes).entries()) {
      if (label < 0) continue;
      values[last ? i * classes + label : (Math.floor(i / n) * classes + label) * n + (i % n)] = 1;
    }
    if (bad && values.length > 0) values[draw.int(0, values.length - 1)] = 2;
    return calling({ values: input(values), out: labelsOut(4 * images * n, bad) }, (k, { values, out }) =>
      k.oneHotClass_f32(values, out, images, classes, n, last),
    );
  }),
  classCounts: each({ classes: [0, 1, 5, 21] }, (n, { classes }, draw) =>
    calling({ labels: input(draw.labels(n, classes)), counts: f32(classes) }, (k, { labels, counts }) =>
      k.classCounts(labels, n, counts, classes),
    ),
  ),
  oneHot_f32: each({ classes: [0, 1, 2, 5] }, (n, { classes }, draw) =>
    calling({ labels: input(draw.labels(n, Math.max(2, classes))), out: f32(classes * n) }, (k, { labels, out }) =>
      k.oneHot_f32(labels, out, classes, n, 4 * n),
    ),
  ),
  countKept_f32: each({}, (n, _, draw) => calling({ targets: input(draw.targets(n)) }, (k, { targets }) => k.countKept_f32(targets, n))),
  massOf_f32: each({}, (n, _, draw) => calling({ targets: input(draw.targets(n)) }, (k, { targets }) => k.massOf_f32(targets, n))),
  weighTargets_f32: each({}, (n, _, draw) =>
    calling({ targets: inOut(draw.targets(n)) }, (k, { targets }) => k.weighTargets_f32(targets, 3, 0.5, n)),
  ),
  ignoreTogether_f32: each({ images: [0, 1, 3], classes: [0, 1, 4] }, (n, { images, classes }, draw) =>
    calling({ targets: inOut(draw.targets(images * classes * n)) }, (k, { targets }) => k.ignoreTogether_f32(targets, images, classes, n)),
  ),
};

// ---- pixelwise losses and sums of regions

const pixelwise: Record<string, Entry> = {
  binaryCrossEntropy_f32: each({}, (n, _, draw) =>
    calling({ logits: input(draw.logits(n)), targets: input(draw.targets(n)), gradient: f32(n) }, (k, { logits, targets, gradient }) =>
      k.binaryCrossEntropy_f32(logits, targets, n, 0.5, gradient),
    ),
  ),
  binaryCrossEntropyGiven_f32: each({}, (n, _, draw) =>
    calling({ p: input(draw.floats(n, 0, 1)), targets: input(draw.targets(n)), gradient: f32(n) }, (k, { p, targets, gradient }) =>
      k.binaryCrossEntropyGiven_f32(p, targets, n, 0.5, gradient),
    ),
  ),
  crossEntropy_f32: each({ classes: [1, 2, 5] }, (n, { classes }, draw) =>
    calling(
      {
        logits: input(draw.logits(classes * n)),
        targets: input(draw.targets(classes * n)),
        gradient: f32(classes * n),
        scratch: scratchOf(12 * 64 * classes),
      },
      (k, { logits, targets, gradient, scratch }) => k.crossEntropy_f32(logits, targets, classes, n, 4 * n, 0.5, gradient, scratch),
    ),
  ),
  crossEntropyGiven_f32: each({}, (n, _, draw) =>
    calling({ p: input(draw.floats(n, 0, 1)), targets: input(draw.targets(n)), gradient: f32(n) }, (k, { p, targets, gradient }) =>
      k.crossEntropyGiven_f32(p, targets, n, 0.5, gradient),
    ),
  ),
  regionSums_f32: each({ least: flags }, (n, { least }, draw) =>
    calling({ p: input(draw.floats(n, 0, 1)), targets: input(draw.targets(n)), out: output(24, { align: 8 }) }, (k, { p, targets, out }) =>
      k.regionSums_f32(p, targets, n, least, out),
    ),
  ),
};

// ---- the Lovász losses of binary tasks

const absent: Block = input(new Uint8Array(0));

// values for errors of `kind`; those of ignored pixels may be anything
function binaryValues(draw: Draw, kind: number, labels: Int32Array): Float32Array {
  const n = labels.length;
  const values = kind === KIND.probability ? draw.floats(n, 0, 1) : kind === KIND.errors ? draw.floats(n, 0, 3) : draw.logits(n);
  return values.map((x, i) => (labels[i] < 0 ? draw.pick([x, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) : x));
}

const weightsOf = (draw: Draw, n: number, weighted: boolean) => (weighted ? input(draw.floats(n, 0, 2)) : absent);

// labels as bytes, the values of a hinge, and one NaN where `nan`
function hingePixels(draw: Draw, n: number, nan: boolean): { logits: Block; labels: Block; gradient: Block } {
  const labels = draw.labels(n, 2);
  const logits = binaryValues(draw, KIND.hinge, labels);
  if (nan && n > 0) logits[draw.int(0, n - 1)] = Number.NaN;
  return { logits: input(logits), labels: input(Int8Array.from(labels)), gradient: nan ? { ...scratchOf(4 * n), align: 4 } : f32(n) };
}

const hinge = (nan: boolean, n: number, draw: Draw) =>
  calling(
    {
      ...hingePixels(draw, n, nan),
      room: scratchOf(kernels.roomBytes(n)),
    },
    (k, { logits, labels, gradient, room }) => k.hinge_f32(logits, labels, n, 0.5, gradient, room),
  );

const binary: Record<string, Entry> = {
  hinge_f32: together(
    each({ nan: flags, repeat: [1, 2, 3] }, (n, { nan }, draw) => hinge(nan, n, draw)),
    // images that are partitioned
    each({ nan: [false] }, (n, { nan }, draw) => hinge(nan, n, draw), [2 ** 20 + 1, 2 ** 20 + 6]),
  ),
  hingeBins_f32: each({ nan: flags, bins: BINS, repeat: [1, 2] }, (n, { nan, bins }, draw) =>
    calling({ ...hingePixels(draw, n, nan), table: scratchOf(8 * (bins + 1)) }, (k, { logits, labels, gradient, table }) =>
      k.hingeBins_f32(logits, labels, n, bins, 0.5, gradient, table),
    ),
  ),
  lovaszBinary_f32: each({ kind: KINDS, weighted: flags, shares: SHARES }, (n, { kind, weighted, shares }, draw) => {
    const labels = draw.labels(n, 2);
    const [alpha, beta] = shares;
    return calling(
      {
        values: input(binaryValues(draw, kind, labels)),
        labels: input(labels),
        weights: weightsOf(draw, n, weighted),
        gradient: f32(n),
        room: scratchOf(kernels.roomBytes(n)),
        task: taskOf(({ values, labels, weights, gradient }) => ({
          ...{ values, labels, weights: weighted ? weights : 0, gradient },
          ...{ pixels: n, alpha, beta, scale: 0.5 },
        })),
      },
      (k, { task, room }) => k.lovaszBinary_f32(kind, task, room),
    );
  }),
  jaccardWeights_f32: each({}, (n, _, draw) =>
    calling({ labels: input(draw.indices(n, 2)), out: f32(n) }, (k, { labels, out }) => k.jaccardWeights_f32(labels, out, n)),
  ),
};

// ---- histograms

// the addresses of bins 0 to `bins` of a table, as 4 (2 bin + label)
const binOffsets = (draw: Draw, n: number, bins: number) =>
  draw.floats(n, 0, 1).map((x) => 4 * (2 * Math.round(x * bins) + draw.int(0, 1)));

// a block of the addresses of such bins in the block `table`
function binAddresses(offsets: Float32Array, block = input(new Int32Array(offsets.length))): Block {
  const contents: Block["contents"] = (view, pointer, { table }) => {
    for (const [i, offset] of offsets.entries()) view.setInt32(pointer + 4 * i, table + offset, true);
  };
  return { ...block, contents };
}

// counts or masses of bins 0 to `bins`, many of them 0, and those of positives together
function masses(draw: Draw, bins: number, weighted: boolean): { pairs: Float64Array; positives: number } {
  const most = draw.pick([0, 1, 5]);
  const [hasNegatives, hasPositives] = [draw.next() < 0.9, draw.next() < 0.8];
  const pairs = Float64Array.from({ length: 2 * (bins + 1) }, (_, i) => {
    const mass = draw.next() < 0.5 ? draw.int(0, most) : 0;
    return (i % 2 ? hasPositives : hasNegatives) ? mass * (weighted ? 0.25 + draw.next() : 1) : 0;
  });
  return { pairs, positives: pairs.reduce((sum, mass, i) => sum + (i % 2 ? mass : 0), 0) };
}

const histograms: Record<string, Entry> = {
  errors_f32: each({ kind: KINDS }, (n, { kind }, draw) => {
    const labels = draw.labels(n, 2);
    return calling(
      { values: input(binaryValues(draw, kind, labels)), labels: input(labels), errors: f32(n) },
      (k, { values, labels, errors }) => k.errors_f32(kind, values, labels, n, errors),
    );
  }),
  errorRange: each({}, (n, _, draw) => calling({ errors: input(draw.floats(n, -1, 9)) }, (k, { errors }) => k.errorRange(errors, n))),
  errorBins_f32: each({ bins: BINS, range: [1, 2 ** -64, 2 ** 60] }, (n, { bins, range }, draw) => {
    const errors = draw.floats(n, -1, 1).map((x) => draw.pick([x * range, x * range, Number.NaN]));
    return calling(
      {
        errors: input(errors),
        labels: input(draw.labels(n, 2)),
        addresses: f32(n),
        table: input(new Uint32Array(2 * (bins + 1))),
      },
      (k, { errors, labels, addresses, table }) => k.errorBins_f32(errors, labels, n, bins, range, table, addresses),
    );
  }),
  moveBins: each({ by: [8, -4096] }, (n, { by }, draw) =>
    calling({ addresses: input(draw.indices(n, 2 ** 30)), out: f32(n) }, (k, { addresses, out }) => k.moveBins(addresses, out, n, by)),
  ),
  countBins: each({ bins: BINS, empty: flags }, (n, { bins, empty }, draw) =>
    calling(
      {
        // a good model has many pixels in the first bin
        addresses: binAddresses(binOffsets(draw, n, bins).map((at) => (empty ? 8 : at))),
        table: inOut(new Uint32Array(2 * (bins + 1))),
      },
      (k, { addresses, table }) => k.countBins(addresses, n, table),
    ),
  ),
  addCounts: each({ most: [3, 2 ** 31] }, (n, { most }, draw) => {
    const counts = () => Uint32Array.from({ length: 4 * n }, () => draw.int(0, most - 1));
    return calling({ counts: input(counts()), sums: inOut(counts()), totals: inOut(new Uint32Array(4)) }, (k, { counts, sums, totals }) =>
      k.addCounts(counts, 4 * n, sums, totals),
    );
  }),
  addWeights: each({ bins: BINS }, (n, { bins }, draw) =>
    calling(
      {
        addresses: binAddresses(binOffsets(draw, n, bins)),
        weights: input(draw.floats(n, 0, 2)),
        table: inOut(new Float64Array(2 * (bins + 1))),
      },
      (k, { addresses, weights, table }) => k.addWeights(addresses, weights, n, table),
    ),
  ),
  gradientOfBins: each({ bins: BINS, weighted: flags, behind: flags }, (n, { bins, weighted, behind }, draw) => {
    const pairs = 2 * (bins + 1);
    const derivatives = draw.floats(pairs);
    return calling(
      {
        addresses: binAddresses(binOffsets(draw, n, bins), inOut(new Int32Array(n))),
        weights: weightsOf(draw, n, weighted),
        table: input(derivatives),
        out: input(derivatives),
      },
      (k, { addresses, weights, table, out }) => k.gradientOfBins(addresses, weighted ? weights : 0, n, table, behind ? out : table),
    );
  }),
  // a weighted table is only read: the derivatives go behind it
  scanBins: each({ weighted: flags, shares: SHARES, scale: [0.5, -0.5], repeat: [1, 2, 3, 4] }, (n, { weighted, shares, scale }, draw) => {
    const bins = n + 1;
    const [alpha, beta] = shares;
    const { pairs, positives } = masses(draw, bins, weighted);
    return calling(
      {
        table: weighted ? input(pairs) : inOut(Uint32Array.from(pairs)),
        behind: weighted ? { ...output(8 * (bins + 1)), adjoins: true } : absent,
      },
      (k, { table }) => k.scanBins(table, weighted, bins, 4, positives, alpha, beta, scale),
    );
  }),
  positiveMass: each({ weighted: flags }, (n, { weighted }, draw) =>
    calling({ labels: input(draw.labels(n, 3)), weights: weightsOf(draw, n, weighted) }, (k, { labels, weights }) =>
      k.positiveMass(labels, weighted ? weights : 0, 1, n),
    ),
  ),
  sigmoidBackward_f32: each({}, (n, _, draw) =>
    calling({ errors: input(draw.floats(n, -1, 1)), gradient: inOut(draw.floats(n)) }, (k, { errors, gradient }) =>
      k.sigmoidBackward_f32(errors, gradient, n),
    ),
  ),
};

// ---- the Lovász-Softmax

const CLASSES = [1, 2, 5, 21];
const tiles = (pixels: number) => Math.ceil(pixels / TILE);

// logits [classes, pixels] of which one is not finite where `wild`
function softmaxLogits(draw: Draw, size: number, wild: boolean): Float32Array {
  const logits = draw.logits(size);
  if (wild && size > 0) logits[draw.int(0, size - 1)] = draw.pick([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  return logits;
}

// an output that holds anything where a logit is not finite
const unlessWild = (wild: boolean, block: Block): Block => (wild ? { ...block, checked: 0 } : block);

// what `softmaxKeys_f32` makes of logits [images, classes, pixels]
function softmaxOf(logits: Float32Array, labels: Int32Array, images: number, classes: number, pixels: number) {
  const bytes = 4 * classes * pixels;
  const sizes = [bytes, 4 * pixels, 4 * tiles(pixels) * classes * TILE, bytes, 8 * pixels, 4 * pixels, 12 * classes * TILE];
  const keys = new Int32Array(images * classes * pixels);
  const argmax = new Int32Array(images * pixels);
  const otherSums = new Float64Array(images * pixels);
  const probabilities = new Float32Array(tiles(pixels) * classes * TILE);
  for (let image = 0; image < images; image++) {
    scratch([kernels.TASK_BYTES.value, ...sizes], (task, values, labelsAt, p, keysAt, sumsAt, argmaxAt, scratch) => {
      const [block, row] = [image * classes * pixels, image * pixels];
      viewF32(values, classes * pixels).set(logits.subarray(block, block + classes * pixels));
      viewI32(labelsAt, pixels).set(labels.subarray(row, row + pixels));
      const pointers = { values, labels: labelsAt, probabilities: p, keys: keysAt, otherSums: sumsAt, argmax: argmaxAt };
      writeTask(dataView(), task, { ...pointers, classes, pixels, plane: 4 * pixels });
      kernels.softmaxKeys_f32(task, scratch);
      keys.set(viewI32(keysAt, classes * pixels), block);
      argmax.set(viewI32(argmaxAt, pixels), row);
      otherSums.set(new Float64Array(kernels.memory.buffer, sumsAt, pixels), row);
      probabilities.set(viewF32(p, probabilities.length));
    });
  }
  return { keys, argmax, otherSums, probabilities };
}

// the keys of probabilities that the user gave
function givenKeys(p: Float32Array, labels: Int32Array, images: number, classes: number, pixels: number): Int32Array {
  const keys = new Int32Array(p.length);
  const block = classes * pixels;
  scratch([4 * block, 4 * pixels, 4 * block], (values, labelsAt, out) => {
    for (let image = 0; image < images; image++) {
      viewF32(values, block).set(p.subarray(image * block, (image + 1) * block));
      viewI32(labelsAt, pixels).set(labels.subarray(image * pixels, (image + 1) * pixels));
      kernels.inputKeys_f32(values, labelsAt, out, classes, pixels);
      keys.set(viewI32(out, block), image * block);
    }
  });
  return keys;
}

const softmax: Record<string, Entry> = {
  softmaxKeys_f32: each({ classes: [0, ...CLASSES], wild: flags }, (n, { classes, wild }, draw) => {
    // of no classes it writes nothing
    const rows = classes > 0 ? n : 0;
    return calling(
      {
        values: input(softmaxLogits(draw, classes * n, wild)),
        labels: input(draw.labels(n, classes)),
        probabilities: unlessWild(wild, f32(tiles(n) * classes * TILE)),
        keys: unlessWild(wild, f32(classes * n)),
        otherSums: unlessWild(wild, output(8 * rows, { align: 8 })),
        argmax: unlessWild(wild, f32(rows)),
        scratch: scratchOf(12 * classes * TILE),
        task: taskOf((p) => ({ ...p, classes, pixels: n, plane: 4 * n })),
      },
      (k, { task, scratch }) => k.softmaxKeys_f32(task, scratch),
    );
  }),
  softmaxBins_f32: each({ classes: CLASSES, wild: flags, bins: [1, 7, 1000] }, (n, { classes, wild, bins }, draw) =>
    calling(
      {
        values: input(softmaxLogits(draw, classes * n, wild)),
        labels: input(draw.labels(n, classes)),
        probabilities: unlessWild(wild, f32(tiles(n) * classes * TILE)),
        keys: unlessWild(wild, f32(classes * n)),
        argmax: unlessWild(wild, f32(n)),
        table: input(new Uint32Array(2 * (bins + 1))),
        task: taskOf((p) => ({ ...p, classes, pixels: n, plane: 4 * n, bins })),
      },
      (k, { task }) => k.softmaxBins_f32(task, 0),
    ),
  ),
  softmaxBackward_f32: each({ classes: CLASSES, inPlace: flags, gap: [0, 12] }, (n, { classes, inPlace, gap }, draw) => {
    const { argmax, probabilities } = softmaxOf(draw.logits(classes * n), draw.labels(n, classes), 1, classes, n);
    // in place, the planes of classes are next to each other
    const stride = 4 * n + (inPlace ? 0 : gap);
    const gradients = draw.floats(((classes - 1) * stride) / 4 + n);
    return calling(
      {
        probabilities: input(probabilities),
        argmax: input(argmax),
        gradient: inPlace ? inOut(gradients) : input(gradients),
        logitGradient: inPlace ? absent : f32(classes * n),
        scratch: scratchOf(4 * classes * TILE),
        task: taskOf((p) => ({
          ...{ ...p, logitGradient: inPlace ? p.gradient : p.logitGradient },
          ...{ classes, pixels: n, plane: 4 * n, stride, scale: 0.5 },
        })),
      },
      (k, { task, scratch }) => k.softmaxBackward_f32(task, scratch),
    );
  }),
  lovaszClass_f32: each(
    { images: [0, 1, 3], classes: [1, 3], given: flags, weighted: flags, apart: flags, shares: [SHARES[0], SHARES[2]] },
    (n, { images, classes, given, weighted, apart, shares }, draw) => {
      const size = images * n;
      const labels = draw.labels(size, classes);
      const values = given ? draw.floats(size * classes, 0, 1) : draw.logits(size * classes);
      const { keys, otherSums, argmax } = given
        ? { keys: givenKeys(values, labels, images, classes, n), otherSums: new Float64Array(0), argmax: new Int32Array(0) }
        : softmaxOf(values, labels, images, classes, n);
      const [alpha, beta] = shares;
      const positive = draw.int(0, classes - 1);
      return calling(
        {
          values: input(values),
          labels: input(labels),
          weights: weightsOf(draw, size, weighted),
          keys: input(keys),
          otherSums: input(otherSums),
          argmax: input(argmax),
          gradient: f32(size),
          room: scratchOf(kernels.roomBytes(size)),
          task: taskOf((p) => ({
            ...{ ...p, weights: weighted ? p.weights : 0 },
            ...(given ? { values: 0, otherSums: 0, argmax: 0 } : {}),
            ...(apart ? { gradient: 0, target: p.gradient, stride: 4 * n } : {}),
            ...{ images, classes, pixels: n, positive, alpha, beta, scale: 0.5 },
          })),
        },
        (k, { task, room }) => k.lovaszClass_f32(task, room),
      );
    },
  ),
  inputKeys_f32: each({ classes: [0, ...CLASSES] }, (n, { classes }, draw) =>
    calling(
      { p: input(draw.floats(classes * n, 0, 1)), labels: input(draw.labels(n, classes)), keys: f32(classes * n) },
      (k, { p, labels, keys }) => k.inputKeys_f32(p, labels, keys, classes, n),
    ),
  ),
  probabilityBins_f32: each({ classes: [0, ...CLASSES], bins: [1, 7, 1000] }, (n, { classes, bins }, draw) =>
    calling(
      {
        p: input(draw.floats(classes * n, 0, 1)),
        labels: input(draw.labels(n, classes)),
        addresses: f32(classes * n),
        table: input(new Uint32Array(2 * (bins + 1))),
      },
      (k, { p, labels, addresses, table }) => k.probabilityBins_f32(p, labels, addresses, classes, n, bins, table),
    ),
  ),
};

const table: Record<string, Entry> = { ...elementwise, ...operators, ...labels, ...pixelwise, ...binary, ...histograms, ...softmax };

// ---- the tests

const shared = SharedMemory.open();
const core = coreOn(coreBinary(true, STATIC_BYTES), shared.memory);
afterAll(() => shared.close());

const sharedArena: Arena = {
  kernels: core,
  buffer: () => shared.memory.buffer,
  take: (bytes, use) => {
    const block = shared.take(bytes);
    use(block.start);
    shared.give(block);
  },
};

const functionsOf = (exported: object) =>
  Object.entries(exported)
    .filter(([, value]) => typeof value === "function")
    .map(([name]) => name);

describe("of the core, a kernel keeps to its memory", () => {
  test.each(Object.keys(table))("%s", (name) => checkEntry(OWN, table[name]));
});

// what devices have their workers do
const OF_WORKERS = ["lovaszClass_f32", "moveBins", "softmaxBackward_f32", "softmaxBins_f32", "softmaxKeys_f32"];

describe("of a core whose static data lies elsewhere, a kernel keeps to its memory", () => {
  test.each(OF_WORKERS)("%s", (name) => checkEntry(sharedArena, table[name]));
});

// the heap itself (test/wasm/memory.test.ts), and what says how much memory a kernel takes
const HEAP = ["allocate", "free", "roomBytes"];
const elsewhere = ["kernels", "guardsOps"].map((file) => readFileSync(new URL(`./${file}.test.ts`, import.meta.url), "utf8")).join();

test("no exported kernel is forgotten", () => {
  const exported = new Set(functionsOf(kernels));
  const isTested = (name: string) => name in table || new RegExp(`\\b${name}\\b`).test(elsewhere);
  expect([...exported].filter((name) => !HEAP.includes(name) && !isTested(name))).toEqual([]);
  // nor does the table name one that is gone
  expect(Object.keys(table).filter((name) => !exported.has(name))).toEqual([]);
});

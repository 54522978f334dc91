// The same as guards.test.ts, of operators and losses with long lists of arguments.
import { describe, test } from "vitest";
import { COUNTER_BYTES } from "../../src/ops/sort.js";
import type { Kernels } from "../../src/wasm/core.js";
import { kernels } from "../../src/wasm/instance.js";
import { scratch } from "../../src/wasm/memory.js";
import { structOf } from "../helpers/convolutionStruct.js";
import { calling, checkEntry, type Draw, type Entry, each, SIZES, together } from "../helpers/guardCases.js";
import { type Block, type Call, inOut, input, OWN, output, padded, scratchOf } from "../helpers/guards.js";

const flags = [false, true];
const f32 = (elements: number) => output(4 * elements);
const SHORT = SIZES.filter((n) => n < 300);
const PASSES = [kernels.FORWARD.value, kernels.INPUT_GRADIENT.value, kernels.WEIGHT_GRADIENT.value];

// the struct of a step of Adam
function stepOf(values: Record<string, number>): Float64Array {
  const step = new Float64Array(kernels.ADAM_BYTES.value / 8);
  for (const [name, value] of Object.entries(values)) step[offsets[name].value / 8] = value;
  return step;
}

const offsets: Record<string, { value: number }> = {
  beta1: kernels.ADAM_BETA1,
  beta2: kernels.ADAM_BETA2,
  rate: kernels.ADAM_RATE,
  correction: kernels.ADAM_CORRECTION,
  epsilon: kernels.ADAM_EPSILON,
  decay: kernels.ADAM_DECAY,
  shrink: kernels.ADAM_SHRINK,
};

// the ways to enlarge planes
const enlarged = { planes: [0, 1, 3], height: [0, 1, 2, 5], scale: [1, 2, 3, 4], aligned: flags };

// plans of convolutions
function planned(run: (k: Kernels, convolution: number) => unknown): Entry {
  return each(
    { pass: PASSES },
    (n, { pass }, draw) => {
      const { fields } = convolutionOf(pass, n, draw);
      return calling({ convolution: inOut(structOf(fields)) }, (k, { convolution }) => run(k, convolution));
    },
    SHORT.slice(1),
  );
}

// whole convolutions, their units from the last to the first, and the last once more
function convolutions(): Entry {
  return together(
    each(
      { pass: PASSES, stride: [1, 2, 3], dilation: [1, 2], groups: [1, 2, 5] },
      (n, { pass, stride, dilation, groups }, draw) => convolving(convolutionOf(pass, n, draw, { stride, dilation, groups })),
      [1, 2, 3, 4, 5, 8, 9, 17, 33, 65],
    ),
    each(
      { pass: PASSES, groups: [1, 2], many: flags },
      (n, { pass, groups, many }, draw) => convolving(convolutionOf(pass, n, draw, { groups, winograd: true, many })),
      [4, 5, 7, 8, 9, 17, 33],
    ),
    each(
      { stride: [1, 2], groups: [1, 2], winograd: flags },
      (n, { stride, groups, winograd }, draw) => {
        const kind = winograd ? { winograd } : { stride };
        return convolving(convolutionOf(kernels.FORWARD.value, n, draw, { groups, relu: 1, ...kind }));
      },
      [1, 3, 4, 5, 8, 9, 17],
    ),
  );
}

function convolving({ fields, source, target, weights, biased, draw }: ReturnType<typeof convolutionOf>): Call {
  const isWeights = fields.pass === kernels.WEIGHT_GRADIENT.value;
  const [shared, own] = scratchBytes(fields);
  return calling(
    {
      source: input(draw.floats(source)),
      // phases beyond the last one leave pixels as they are
      target: isWeights ? input(draw.floats(target)) : fields.strideY * fields.strideX > 1 ? inOut(draw.floats(target)) : f32(target),
      weight: isWeights ? f32(weights) : input(draw.floats(weights)),
      bias: input(draw.floats(fields.groups * fields.targetChannels)),
      shared: scratchOf(shared),
      scratch: scratchOf(own),
      convolution: {
        ...{ bytes: kernels.CONVOLUTION_BYTES.value, align: 8, mayWrite: true, checked: 0 },
        contents: (view, pointer, { source, target, weight, bias }) => {
          const struct = structOf({ ...fields, source, target, weight, bias: biased ? bias : 0 });
          new Uint8Array(view.buffer, pointer, struct.byteLength).set(new Uint8Array(struct.buffer));
        },
      },
    },
    (k, { convolution, shared, scratch }) => {
      k.planConvolution(convolution);
      k.prepareConvolution(convolution, shared);
      const units = k.convolutionUnits(convolution);
      for (let unit = units - 1; unit >= 0; unit--) k.convolveUnit(convolution, unit, scratch);
      if (units > 0) k.convolveUnit(convolution, units - 1, scratch);
      k.finishConvolution(convolution);
    },
  );
}
// batchNorm's view of a tensor, one unit a group, where `shared` is 0; otherwise groupNorm's
const normed = { batch: [0, 1, 3], shared: [0, 1, 2], groups: [1, 3], from: [0, 1], fixed: flags, weighs: flags };

const table: Record<string, Entry> = {
  focal_f32: each({ gamma: [0, 0.5, 2] }, (n, { gamma }, draw) =>
    calling(
      {
        logits: input(draw.logits(n)),
        targets: input(Float32Array.from(draw.labels(n, 2))),
        weights: input(Float32Array.of(0.25, 0.75)),
        gradient: f32(n),
      },
      (k, { logits, targets, weights, gradient }) => k.focal_f32(logits, targets, n, weights, gamma, 0.5, gradient),
    ),
  ),
  focalGiven_f32: each({ gamma: [0, 0.5, 2] }, (n, { gamma }, draw) =>
    calling(
      {
        p: input(draw.floats(n, 0, 1)),
        targets: input(Float32Array.from(draw.labels(n, 2))),
        weights: input(Float32Array.of(0.25, 0.75)),
        gradient: f32(n),
      },
      (k, { p, targets, weights, gradient }) => k.focalGiven_f32(p, targets, n, weights, gamma, 0.5, gradient),
    ),
  ),
  regionGrad_f32: each({ logits: flags, least: flags }, (n, { logits, least }, draw) =>
    calling(
      {
        p: input(draw.floats(n, 0, 1)),
        targets: input(draw.targets(n)),
        factors: input(Float64Array.from(draw.floats(3))),
        out: f32(n),
      },
      (k, { p, targets, factors, out }) => k.regionGrad_f32(logits, p, targets, n, least, factors, out),
    ),
  ),
  regionSoftmaxGrad_f32: each(
    { classes: [0, 1, 4], least: flags },
    (n, { classes, least }, draw) => {
      const size = classes * n;
      const factors = 3 * classes;
      return calling(
        {
          p: input(draw.floats(size, 0, 1)),
          targets: input(draw.targets(size)),
          factors: input(Float64Array.from(draw.floats(factors))),
          out: f32(size),
        },
        (k, { p, targets, factors, out }) => k.regionSoftmaxGrad_f32(p, targets, classes, n, 4 * n, least, factors, out),
      );
    },
    SHORT,
  ),
  weightedBinaryCrossEntropy_f32: each({ fromLogits: flags, weighs: flags }, (n, { fromLogits, weighs }, draw) =>
    calling(
      {
        values: input(fromLogits ? draw.logits(n) : draw.floats(n, 0, 1)),
        targets: input(draw.targets(n)),
        weights: input(draw.floats(weighs ? n : 0, 0, 2)),
        gradient: f32(n),
      },
      (k, { values, targets, weights, gradient }) =>
        k.weightedBinaryCrossEntropy_f32(fromLogits, values, targets, weighs ? weights : 0, n, 3, 0.5, gradient),
    ),
  ),
  adam_f32: each({ decay: [0, 0.1], shrink: [1, 0.9] }, (n, { decay, shrink }, draw) => {
    const bytes = padded(4 * n);
    return calling(
      {
        parameter: inOut(draw.floats(n), bytes),
        gradient: input(draw.floats(n), bytes),
        first: inOut(draw.floats(n), bytes),
        second: inOut(draw.floats(n, 0, 1), bytes),
        step: input(stepOf({ beta1: 0.9, beta2: 0.999, rate: 0.1, correction: 1.5, epsilon: 1e-8, decay, shrink })),
      },
      (k, { parameter, gradient, first, second, step }) => k.adam_f32(parameter, gradient, first, second, n, step),
    );
  }),
  sort_f32: each({ descending: flags }, (n, { descending }, draw) =>
    calling(
      {
        values: input(draw.logits(n)),
        out: f32(n),
        index: f32(n),
        records: scratchOf(8 * n),
        scratch: scratchOf(8 * n),
        counters: scratchOf(COUNTER_BYTES),
      },
      (k, { values, out, index, records, scratch, counters }) => k.sort_f32(values, out, index, n, descending, records, scratch, counters),
    ),
  ),
  dropout_f32: each({ seed: [0, -5], threshold: [0, 2 ** 31, 2 ** 32 - 1] }, (n, { seed, threshold }, draw) =>
    calling({ a: input(draw.floats(n), padded(4 * n)), out: output(4 * n, { room: padded(4 * n) }) }, (k, { a, out }) =>
      k.dropout_f32(a, out, n, seed, threshold, 2),
    ),
  ),
  norm_f32: each(
    normed,
    (n, chosen, draw) => {
      const { fields, size, out, channels, moments } = normOf(n, chosen);
      return calling(
        {
          ...{ x: input(draw.floats(size)), weight: input(draw.floats(channels)), bias: input(draw.floats(channels)) },
          ...{ mean: moments(draw), variance: moments(draw), ...out },
          norm: normStruct(fields, chosen.weighs ? ["x", "weight", "bias", "mean", "variance", "out"] : ["x", "mean", "variance", "out"]),
        },
        (k, { norm }) => k.norm_f32(norm, chosen.from, fields.groups),
      );
    },
    SHORT,
  ),
  normGrad_f32: each(
    normed,
    (n, chosen, draw) => {
      const { fields, size, out, sums, channels } = normOf(n, chosen);
      const given = (count: number) => input(Float64Array.from(draw.floats(count, 0, 3)));
      const hasSums = !chosen.fixed || chosen.weighs;
      return calling(
        {
          ...{ x: input(draw.floats(size)), upstream: input(draw.floats(size)), weight: input(draw.floats(channels)) },
          ...{
            mean: given(fields.groups),
            variance: given(fields.groups),
            ...out,
            ...(hasSums ? sums : { sums: input(new Float64Array(0)) }),
          },
          norm: normStruct(fields, [
            "x",
            "upstream",
            "mean",
            "variance",
            "out",
            ...(hasSums ? ["sums"] : []),
            ...(chosen.weighs ? ["weight"] : []),
          ]),
        },
        (k, { norm }) => k.normGrad_f32(norm, chosen.from, fields.groups),
      );
    },
    SHORT,
  ),
  matmul_f32: each(
    { m: [0, 1, 3, 4, 9], depth: [0, 1, 5, 257], transposed: flags },
    (n, { m, depth, transposed }, draw) =>
      calling({ a: input(draw.floats(m * depth)), b: input(draw.floats(depth * n)), c: f32(m * n) }, (k, { a, b, c }) =>
        k.matmul_f32(a, transposed ? 1 : depth, transposed ? m : 1, b, c, m, n, depth),
      ),
    SIZES.filter((n) => n < 70),
  ),
  // planes with rows and columns beyond those that are scaled
  upsampleNearest_f32: each(
    { planes: [0, 1, 3], scale: [1, 2, 3], beyond: flags },
    (n, { planes, scale, beyond }, draw) => {
      const rows = draw.int(0, 5);
      const [height, width] = [rows, n].map((length) => length * scale + (beyond ? draw.int(0, scale - 1) : 0));
      return calling({ a: input(draw.floats(planes * rows * n)), out: f32(planes * height * width) }, (k, { a, out }) =>
        k.upsampleNearest_f32(a, out, planes, height, width, scale, 0.25),
      );
    },
    SHORT,
  ),
  upsampleBilinear_f32: each(
    enlarged,
    (n, { planes, height, scale, aligned }, draw) =>
      calling(
        {
          a: input(draw.floats(planes * height * n)),
          out: f32(planes * height * n * scale * scale),
          scratch: scratchOf(planes * height * n === 0 ? 0 : 8 * scale * (height + 2 * n) + 8),
        },
        (k, { a, out, scratch }) => k.upsampleBilinear_f32(a, out, planes, height, n, scale, aligned, scratch),
      ),
    SHORT,
  ),
  upsampleBilinearGrad_f32: each(
    enlarged,
    (n, { planes, height, scale, aligned }, draw) =>
      calling(
        {
          g: input(draw.floats(planes * height * n * scale * scale)),
          out: f32(planes * height * n),
          scratch: scratchOf(planes * height * n === 0 ? 0 : 8 * scale * (height + 2 * n) + 8),
        },
        (k, { g, out, scratch }) => k.upsampleBilinearGrad_f32(g, out, planes, height, n, scale, aligned, scratch),
      ),
    SHORT,
  ),
  pad_f32: each(
    { planes: [0, 1, 3], left: [-2, 0, 3], right: [-1, 0, 2], top: [-1, 0, 1], bottom: [-1, 0, 2] },
    (n, { planes, left, right, top, bottom }, draw) => {
      const width = Math.max(n, -Math.min(left, 0) - Math.min(right, 0));
      const height = draw.int(2, 4);
      const outSize = planes * (left + width + right) * (top + height + bottom);
      return calling(
        { a: input(draw.floats(planes * height * width)), out: f32(outSize), margins: input(Int32Array.of(left, right, top, bottom)) },
        (k, { a, out, margins }) => k.pad_f32(a, out, planes, height, width, margins),
      );
    },
    SIZES.filter((n) => n < 70),
  ),
  swapAxes: each(
    { batch: [0, 1, 2], rows: [0, 1, 2, 3, 4, 5, 6, 17, 18, 20, 66], bytes: [1, 3, 4, 8] },
    (n, { batch, rows, bytes }, draw) => {
      const size = batch * rows * n * bytes;
      const from = Uint8Array.from({ length: size }, () => draw.int(0, 255));
      return calling({ from: input(from), out: output(size, { align: 1 }) }, (k, { from, out }) =>
        k.swapAxes(from, out, batch, rows, n, bytes),
      );
    },
    SIZES.filter((n) => n < 70),
  ),
  planConvolution: planned((k, convolution) => k.planConvolution(convolution)),
  convolutionScratch: planned((k, convolution) => k.planConvolution(convolution) + k.convolutionScratch(convolution)),
  convolutionUnits: planned((k, convolution) => k.planConvolution(convolution) + k.convolutionUnits(convolution)),
  prepareConvolution: convolutions(),
  convolveUnit: convolutions(),
  finishConvolution: convolutions(),
};

// The fields of a norm, and the outputs of a call for all groups from `from` on: the groups before that are not to be written.
function normOf(n: number, { batch, shared, groups, from, fixed }: { [K in keyof typeof normed]: (typeof normed)[K][number] }) {
  const isBatch = shared === 0;
  const [images, unitsOfGroup] = [isBatch ? batch : 1, isBatch ? 1 : shared];
  const units = unitsOfGroup * groups * (isBatch ? 1 : batch);
  const count = units / unitsOfGroup;
  const first = Math.min(from, count);
  const [written, left] = [(count - first) * unitsOfGroup, first * unitsOfGroup];
  const entries = Array.from({ length: images }, (_, b): [string, Block][] => [
    [`before entry ${b}`, { ...input(new Float32Array(left * n)), adjoins: true }],
    [`entry ${b}`, { ...f32(written * n), adjoins: true }],
  ]);
  const out: Record<string, Block> = { out: input(new Float32Array(0)), ...Object.fromEntries(entries.flat()) };
  const sums: Record<string, Block> = {
    sums: input(new Float64Array(2 * left)),
    sumsOfUnits: { ...output(16 * written, { align: 8 }), adjoins: true },
  };
  return {
    fields: {
      batch: images,
      units,
      plane: n,
      shared: unitsOfGroup,
      channels: unitsOfGroup * groups,
      areFixed: Number(fixed),
      groups: count,
    },
    size: images * units * n,
    channels: unitsOfGroup * groups,
    out: out as { out: Block },
    sums: sums as { sums: Block },
    moments: (draw: Draw): Block => {
      const values = Float64Array.from(draw.floats(count, 0, 3));
      return fixed ? input(values) : inOut(values);
    },
  };
}

// the struct of a norm with the pointers of the blocks of that names
function normStruct(fields: Record<string, number>, names: readonly string[]): Block {
  return {
    ...{ bytes: kernels.NORM_BYTES.value, align: 8, mayWrite: false, checked: 0 },
    contents: (view, pointer, pointers) => {
      new Uint8Array(view.buffer, pointer, kernels.NORM_BYTES.value).fill(0);
      for (const [name, value] of [...Object.entries(fields), ...names.map((name): [string, number] => [name, pointers[name]])]) {
        if (name !== "groups") view.setUint32(pointer + normOffset(name), value, true);
      }
      view.setFloat64(pointer + normOffset("eps"), 1e-5, true);
    },
  };
}

function normOffset(name: string): number {
  const key = `NORM_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
  return (kernels as unknown as Record<string, { value: number }>)[key].value;
}

function scratchBytes(fields: Record<string, number>): [shared: number, own: number] {
  return scratch([kernels.CONVOLUTION_BYTES.value], (pointer) => {
    const struct = structOf(fields);
    new Uint8Array(kernels.memory.buffer, pointer, struct.byteLength).set(new Uint8Array(struct.buffer));
    return [kernels.planConvolution(pointer), kernels.convolutionScratch(pointer)];
  });
}

interface ConvolutionOptions {
  stride?: number;
  dilation?: number;
  groups?: number;
  /** A kernel of 3 x 3 and channels that pay Winograd's algorithm, or many of them. */
  winograd?: boolean;
  many?: boolean;
  relu?: number;
}

// Windows `n` beside one another. For the gradient of an input, the windows of one piece of it.
function convolutionOf(pass: number, n: number, draw: Draw, options: ConvolutionOptions = {}) {
  const { stride = 1, dilation = 1, groups = 1, winograd = false, many = false, relu = 0 } = options;
  const isGradient = pass === kernels.INPUT_GRADIENT.value;
  const few = winograd ? (many ? 17 : 7) : 0;
  const [batch, channels, targetChannels] = [draw.int(1, 2), few + draw.int(1, 5), few + draw.int(1, 6)];
  const [kernelHeight, kernelWidth] = winograd ? [3, 3] : [draw.int(1, 3), draw.int(1, 3)];
  const [windowRows, windowColumns] = [winograd ? draw.int(4, 9) : draw.int(1, 5), n];
  const step = isGradient ? 1 : stride;
  const [top, left] = [draw.int(-1, 2), draw.int(-1, 2)];
  const extent = (windows: number, kernel: number, before: number) =>
    Math.max(1, (windows - 1) * step + (kernel - 1) * dilation + 1 - before - draw.int(0, 2));
  const [height, width] = [extent(windowRows, kernelHeight, top), extent(windowColumns, kernelWidth, left)];
  const [strideY, strideX] = isGradient ? [stride, winograd ? 1 : draw.int(1, 3)] : [1, 1];
  const isWhole = strideY * strideX === 1;
  const [phasesY, phasesX] = [draw.int(1, strideY), draw.int(1, strideX)];
  const [targetHeight, targetWidth] = isWhole ? [windowRows, windowColumns] : [draw.int(1, 3 * windowRows), draw.int(1, 3 * windowColumns)];
  const fields = {
    ...{ pass, batch, groups, channels, height, width, top, left, kernelHeight, kernelWidth, stride: step, dilation, windowRows },
    ...{
      windowColumns,
      targetChannels,
      targetHeight,
      targetWidth,
      limit: 0,
      strideY,
      firstY: 0,
      phasesY,
      strideX,
      firstX: 0,
      phasesX,
      relu,
    },
    ...{ weightHeight: phasesY + (kernelHeight - 1) * strideY, weightWidth: phasesX + (kernelWidth - 1) * strideX },
    ...(isWhole ? { targetTop: 0, targetLeft: 0 } : { targetTop: draw.int(-3, 2), targetLeft: draw.int(-3, 2) }),
  };
  const kernelSize = isGradient ? fields.weightHeight * fields.weightWidth : kernelHeight * kernelWidth;
  return {
    fields,
    source: batch * groups * channels * height * width,
    target: batch * groups * targetChannels * targetHeight * targetWidth,
    weights: groups * channels * targetChannels * kernelSize,
    biased: draw.bool(),
    draw,
  };
}

describe("a kernel keeps to its memory", () => {
  test.each(Object.entries(table))("%s", (_, entry) => checkEntry(OWN, entry));
});

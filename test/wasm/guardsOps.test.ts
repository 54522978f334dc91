// The same as guards.test.ts, of operators and losses with long lists of arguments.
import { describe, test } from "vitest";
import { COUNTER_BYTES } from "../../src/ops/sort.js";
import { kernels } from "../../src/wasm/instance.js";
import { scratch } from "../../src/wasm/memory.js";
import { calling, checkEntry, type Draw, type Entry, each, SIZES, together } from "../helpers/guardCases.js";
import { type AllKernels, type Block, type Call, inOut, input, OWN, output, padded, scratchOf } from "../helpers/guards.js";

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
function planned(run: (k: AllKernels, convolution: number) => unknown): Entry {
  return each(
    { pass: PASSES },
    (n, { pass }, draw) => {
      const { fields } = convolutionOf(pass, n, draw);
      return calling({ convolution: inOut(structOf(fields, {})) }, (k, { convolution }) => run(k, convolution));
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
          const struct = structOf(fields, { source, target, weight, bias: biased ? bias : 0 });
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
  regionGrad_f32: each(
    { kind: [0, 1, 2], classes: [0, 1, 4], least: flags },
    (n, { kind, classes, least }, draw) => {
      const size = classes * n;
      const factors = 3 * classes;
      return calling(
        {
          p: input(draw.floats(size, 0, 1)),
          targets: input(draw.targets(size)),
          factors: input(Float64Array.from(draw.floats(factors))),
          out: f32(size),
        },
        (k, { p, targets, factors, out }) => k.regionGrad_f32(kind, p, targets, classes, n, least, factors, out),
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
  // all units of each entry of the batch, or all but the last
  normMoments_f32: each(
    { batch: [0, 1, 3], units: [0, 1, 2, 4], others: [0, 1] },
    (n, { batch, units, others }, draw) =>
      calling({ x: input(draw.floats(batch * (units + others) * n)), moments: output(16 * units, { align: 8 }) }, (k, { x, moments }) =>
        k.normMoments_f32(x, moments, batch, units, n, 4 * (units + others) * n),
      ),
    SHORT,
  ),
  normGradSums_f32: each(
    { batch: [0, 1, 3], units: [0, 1, 2, 4], others: [0, 1] },
    (n, { batch, units, others }, draw) => {
      const size = batch * (units + others) * n;
      return calling(
        {
          g: input(draw.floats(size)),
          x: input(draw.floats(size)),
          rows: input(draw.floats(4 * units)),
          sums: output(16 * units, { align: 8 }),
        },
        (k, { g, x, rows, sums }) => k.normGradSums_f32(g, x, rows, sums, batch, units, n, 4 * (units + others) * n),
      );
    },
    SHORT,
  ),
  normScale_f32: each(
    { batch: [0, 1, 3], units: [0, 1, 2, 4], others: [0, 1] },
    (n, { batch, units, others }, draw) => {
      const { size, entries } = strided(n, batch, units, others);
      return calling({ x: input(draw.floats(size)), rows: input(draw.floats(4 * units)), ...entries }, (k, { x, rows, out }) =>
        k.normScale_f32(x, rows, out, batch, units, n, 4 * (units + others) * n),
      );
    },
    SHORT,
  ),
  normGrad_f32: each(
    { batch: [0, 1, 3], units: [0, 1, 2, 4], others: [0, 1] },
    (n, { batch, units, others }, draw) => {
      const { size, entries } = strided(n, batch, units, others);
      return calling(
        { g: input(draw.floats(size)), x: input(draw.floats(size)), rows: input(draw.floats(4 * units)), ...entries },
        (k, { g, x, rows, out }) => k.normGrad_f32(g, x, rows, out, batch, units, n, 4 * (units + others) * n),
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

// the output of some units of each entry of the batch, between which other units are
function strided(n: number, batch: number, units: number, others: number) {
  const blocks = Array.from({ length: batch }, (_, b): [string, Block][] => [
    [`entry ${b}`, { ...f32(units * n), adjoins: true }],
    [`gap ${b}`, { ...input(new Float32Array(others * n)), adjoins: true }],
  ]);
  const entries: Record<string, Block> = { out: input(new Float32Array(0)), ...Object.fromEntries(blocks.flat()) };
  return { size: batch * (units + others) * n, entries: entries as { out: Block } };
}

// the struct of a convolution, whose offsets are exported by the names of its fields
function structOf(fields: Record<string, number>, pointers: Record<string, number>): Float64Array {
  const struct = new Float64Array(kernels.CONVOLUTION_BYTES.value / 8);
  const view = new DataView(struct.buffer);
  for (const [name, value] of Object.entries({ ...fields, ...pointers })) {
    const key = `CONVOLUTION_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
    const { value: offset } = (kernels as unknown as Record<string, { value: number }>)[key];
    if (name === "limit") view.setFloat64(offset, value, true);
    else view.setUint32(offset, value, true);
  }
  return struct;
}

function scratchBytes(fields: Record<string, number>): [shared: number, own: number] {
  return scratch([kernels.CONVOLUTION_BYTES.value], (pointer) => {
    const struct = structOf(fields, {});
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
}

// Windows `n` beside one another. For the gradient of an input, the windows of one piece of it.
function convolutionOf(pass: number, n: number, draw: Draw, options: ConvolutionOptions = {}) {
  const { stride = 1, dilation = 1, groups = 1, winograd = false, many = false } = options;
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
    ...{ windowColumns, targetChannels, targetHeight, targetWidth, limit: 0, strideY, firstY: 0, phasesY, strideX, firstX: 0, phasesX },
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

// The same as guards.test.ts, of operators and losses with long lists of arguments.
import { describe, test } from "vitest";
import { COUNTER_BYTES } from "../../src/ops/sort.js";
import { kernels } from "../../src/wasm/instance.js";
import { scratch, viewI32 } from "../../src/wasm/memory.js";
import { calling, checkEntry, type Draw, type Entry, each, SIZES } from "../helpers/guardCases.js";
import { type Block, inOut, input, OWN, output, padded, scratchOf } from "../helpers/guards.js";

const flags = [false, true];
const f32 = (elements: number) => output(4 * elements);
const SHORT = SIZES.filter((n) => n < 300);

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
};

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
  adam_f32: each({ decay: [0, 0.1] }, (n, { decay }, draw) => {
    const bytes = padded(4 * n);
    return calling(
      {
        parameter: inOut(draw.floats(n), bytes),
        gradient: input(draw.floats(n), bytes),
        first: inOut(draw.floats(n), bytes),
        second: inOut(draw.floats(n, 0, 1), bytes),
        step: input(stepOf({ beta1: 0.9, beta2: 0.999, rate: 0.1, correction: 1.5, epsilon: 1e-8, decay })),
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
  conv2dPack_f32: each({ terms: [0, 1, 9, 27], biased: flags }, (n, { terms, biased }, draw) =>
    calling(
      {
        weight: input(draw.floats(n * terms)),
        bias: input(draw.floats(biased ? n : 0)),
        packed: f32(Math.ceil(n / 4) * (1 + terms) * 4),
      },
      (k, { weight, bias, packed }) => k.conv2dPack_f32(weight, biased ? bias : 0, packed, n, terms),
    ),
  ),
  conv2dPackGrad_f32: each(
    { stride: [1, 2, 3], taps: [1, 2, 3], phases: [1, 2], first: [0, 1] },
    (n, { stride, taps, phases, first }, draw) => {
      const y = { stride, first, phases: Math.min(phases, stride), taps };
      const x = { stride: draw.int(1, 3), first: draw.int(0, 1), phases: 1, taps: draw.int(1, 3) };
      // as large as the last tap of the last phase asks for, or larger
      const [height, width] = [y, x].map((one) => one.first + one.phases + (one.taps - 1) * one.stride + draw.int(0, 1));
      const inChannels = draw.int(1, 5);
      const [count, terms] = [inChannels * y.phases * x.phases, n * y.taps * x.taps];
      const [vertical, horizontal] = [y, x].map((one) => [one.stride, one.first, one.phases, one.taps] as const);
      return calling(
        { weight: input(draw.floats(n * inChannels * height * width)), packed: f32(Math.ceil(count / 4) * (1 + terms) * 4) },
        (k, { weight, packed }) => k.conv2dPackGrad_f32(weight, packed, n, inChannels, height, width, ...vertical, ...horizontal),
      );
    },
    [...Array(10).keys(), 17],
  ),
  conv2dTerms: each({ stride: [1, 2, 3], channels: [0, 1, 3] }, (n, { stride, channels }, draw) => {
    const [height, width] = [draw.int(1, 5), draw.int(1, 5)];
    return calling({ terms: f32(channels * height * width) }, (k, { terms }) =>
      k.conv2dTerms(terms, channels, height, width, stride, 7, n),
    );
  }),
  // planes of rows of n, from an image that they may cut off or exceed
  conv2dPad_f32: each(
    { stride: [1, 2, 3], channels: [0, 1, 3], top: [0, 2, -1], left: [0, 3, -1] },
    (n, { stride, channels, top, left }, draw) => {
      const [height, width] = [draw.int(1, 5), draw.pick([1, 2, 5, stride * n + 1, 2 * stride * n])];
      const [phasesY, phasesX] = [draw.int(1, stride), draw.int(1, stride)];
      const planeHeight = draw.int(1, 4);
      return calling(
        { image: input(draw.floats(channels * height * width)), planes: f32(channels * phasesY * phasesX * planeHeight * n) },
        (k, { image, planes }) =>
          k.conv2dPad_f32(image, planes, channels, height, width, top, left, stride, phasesY, phasesX, planeHeight, n),
      );
    },
    SHORT,
  ),
  conv2dScatter_f32: each(
    { channels: [0, 1, 3], top: [0, 2, -3], left: [0, 2, -3], stride: [1, 2, 3] },
    (n, { channels, top, left, stride }, draw) => {
      const [phasesY, phasesX, rows] = [draw.int(1, stride), draw.int(1, stride), draw.int(0, 4)];
      const [height, width] = [draw.int(1, 9), draw.pick([1, stride * n + 1, Math.max(1, n)])];
      return calling(
        {
          tile: input(draw.floats(channels * phasesY * phasesX * rows * n)),
          // a tile is a part of the gradient
          out: inOut(draw.floats(channels * height * width)),
        },
        (k, { tile, out }) => k.conv2dScatter_f32(tile, out, channels, height, width, top, stride, phasesY, rows, left, stride, phasesX, n),
      );
    },
    SHORT,
  ),
  conv2d_f32: each(
    { stride: [1, 2], channels: [1, 3], outChannels: [1, 2, 4, 5, 9], gap: [0, 3] },
    (n, { stride, channels, outChannels, gap }, draw) => {
      const { planes, terms, planeWidth, height } = tiled(draw, channels, stride, n);
      // rows and planes of the output, between which other tiles are
      const lines = Array.from({ length: outChannels * height }, (_, i): [string, Block][] => [
        [`row ${i}`, { ...f32(n), adjoins: true }],
        [`gap ${i}`, { ...input(new Float32Array(gap)), adjoins: true }],
      ]);
      const packed = draw.floats(Math.ceil(outChannels / 4) * (1 + terms.length) * 4);
      const pitch = 4 * (n + gap);
      return calling(
        {
          planes: input(planes),
          terms: input(terms),
          packed: input(packed),
          out: input(new Float32Array(0)),
          ...Object.fromEntries(lines.flat()),
        },
        (k, { planes, terms: table, packed, out }) =>
          k.conv2d_f32(planes, 4 * planeWidth, table, terms.length, packed, out, height * pitch, pitch, outChannels, height, n),
      );
    },
    SHORT.slice(1),
  ),
  conv2dWeightGrad_f32: each(
    { stride: [1, 2], channels: [1, 3], outChannels: [1, 2, 4, 5, 9], gap: [0, 3] },
    (n, { stride, channels, outChannels, gap }, draw) => {
      const { planes, terms, planeWidth, height } = tiled(draw, channels, stride, n);
      const pitch = 4 * (n + gap);
      return calling(
        {
          planes: input(planes),
          terms: input(terms),
          upstream: input(draw.floats(outChannels * height * (n + gap))),
          total: inOut(Float64Array.from(draw.floats(outChannels * terms.length))),
        },
        (k, { planes, terms: table, upstream, total }) =>
          k.conv2dWeightGrad_f32(
            planes,
            4 * planeWidth,
            table,
            terms.length,
            upstream,
            height * pitch,
            pitch,
            total,
            outChannels,
            height,
            n,
          ),
      );
    },
    SHORT.slice(1),
  ),
};

// a padded tile for some rows of `width` pixels, and its terms
function tiled(draw: Draw, channels: number, stride: number, width: number) {
  const [height, kernelHeight, kernelWidth] = [draw.int(1, 4), draw.int(1, 3), draw.int(1, 3)];
  const beyond = (length: number) => Math.floor((length - 1) / stride);
  const [planeHeight, planeWidth] = [height + beyond(kernelHeight), width + beyond(kernelWidth)];
  const [phasesY, phasesX] = [Math.min(stride, kernelHeight), Math.min(stride, kernelWidth)];
  const planes = draw.floats(channels * phasesY * phasesX * planeHeight * planeWidth);
  const terms = new Int32Array(channels * kernelHeight * kernelWidth);
  scratch([terms.byteLength], (table) => {
    kernels.conv2dTerms(table, channels, kernelHeight, kernelWidth, stride, planeHeight, planeWidth);
    terms.set(viewI32(table, terms.length));
  });
  return { planes, terms, planeWidth, height };
}

describe("a kernel keeps to its memory", () => {
  test.each(Object.entries(table))("%s", (_, entry) => checkEntry(OWN, entry));
});

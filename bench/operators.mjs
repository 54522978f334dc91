// Each operator and layer beside PyTorch on one thread: forward, and forward and backward together.
import * as lovasz from "../dist/index.js";
import { torchOperators } from "./peers/peer.mjs";
import { compare, milliseconds } from "./timing.mjs";

const { ones, randn, tidy } = lovasz;
const operators = { ...lovasz };
const SHAPE = [4, 32, 128, 128];
const SIZE = SHAPE.reduce((a, b) => a * b, 1);

export const title = `Operators of a tensor ${SHAPE.join("x")}: forward, and forward and backward; ratio: our time by that of PyTorch, one thread`;

const parameter = (shape, seed) => {
  const made = randn(shape, { seed });
  made.requiresGrad = true;
  return made;
};

// a multiply-add of each weight for each pixel of `pixels` planes
const gflop = (weights, pixels) => ({ flop: 2 * weights * pixels });
const planes = SHAPE[0] * SHAPE[2] * SHAPE[3];
// what is read and written at least
const bytes = (inputs, outputs) => ({ bytes: 4 * SIZE * (inputs + outputs) });
const same = bytes(1, 1);

function convolution(weightShape, pixels, call) {
  const [weight, bias] = [parameter(weightShape, 2), parameter([32], 3)];
  return { work: gflop(weight.size, pixels), run: (x) => call(x, weight, bias) };
}

function normalisation(call) {
  const [weight, bias] = [parameter([32], 2), parameter([32], 3)];
  return { work: same, run: (x) => call(x, weight, bias) };
}

const simple = (name, work, ...args) => ({ work, run: (x) => operators[name](x, ...args) });
const withSecond = (name) => {
  const second = parameter(SHAPE, 4);
  return { work: bytes(2, 1), run: (x) => operators[name](x, second) };
};

// by the names that peers/torch_operators.py has, too
const OPERATORS = {
  "conv2d 3x3": () => convolution([32, 32, 3, 3], planes, (x, w, b) => lovasz.conv2d(x, w, b, { padding: 1 })),
  "conv2d 3x3, stride 2": () => convolution([32, 32, 3, 3], planes / 4, (x, w, b) => lovasz.conv2d(x, w, b, { padding: 1, stride: 2 })),
  "conv2d 3x3, dilation 2": () => convolution([32, 32, 3, 3], planes, (x, w, b) => lovasz.conv2d(x, w, b, { padding: 2, dilation: 2 })),
  "conv2d 1x1": () => convolution([32, 32, 1, 1], planes, (x, w, b) => lovasz.conv2d(x, w, b)),
  "conv2d 3x3, depthwise": () => convolution([32, 1, 3, 3], planes, (x, w, b) => lovasz.conv2d(x, w, b, { padding: 1, groups: 32 })),
  "conv2d 3x3, depthwise, stride 2": () =>
    convolution([32, 1, 3, 3], planes / 4, (x, w, b) => lovasz.conv2d(x, w, b, { padding: 1, groups: 32, stride: 2 })),
  "convTranspose2d 2x2, stride 2": () => convolution([32, 32, 2, 2], planes, (x, w, b) => lovasz.convTranspose2d(x, w, b, { stride: 2 })),
  "convTranspose2d 3x3, stride 2": () =>
    convolution([32, 32, 3, 3], planes, (x, w, b) => lovasz.convTranspose2d(x, w, b, { stride: 2, padding: 1, outputPadding: 1 })),
  "groupNorm, 8 groups": () => normalisation((x, w, b) => lovasz.groupNorm(x, 8, w, b)),
  "batchNorm, training": () => normalisation((x, w, b) => lovasz.batchNorm(x, w, b, { training: true })),
  "batchNorm, evaluation": () => {
    const [runningMean, runningVar] = [lovasz.zeros([32]), ones([32])];
    return normalisation((x, w, b) => lovasz.batchNorm(x, w, b, { runningMean, runningVar }));
  },
  "dropout 0.5": () => simple("dropout", same, 0.5),
  "upsampleBilinear 2": () => simple("upsampleBilinear", bytes(1, 4), 2),
  "upsampleNearest 2": () => simple("upsampleNearest", bytes(1, 4), 2),
  "maxPool2d 2": () => simple("maxPool2d", bytes(1, 0.25), 2),
  "avgPool2d 2": () => simple("avgPool2d", bytes(1, 0.25), 2),
  globalAvgPool2d: () => simple("globalAvgPool2d", bytes(1, 0)),
  "pad 1": () => simple("pad", same, [1, 1, 1, 1]),
  concat: () => {
    const second = parameter(SHAPE, 4);
    return { work: bytes(2, 2), run: (x) => lovasz.concat([x, second], 1) };
  },
  ...Object.fromEntries(["add", "sub", "mul", "div"].map((name) => [name, () => withSecond(name)])),
  ...Object.fromEntries(
    ["neg", "exp", "log", "sqrt", "abs", "relu", "sigmoid", "tanh", "leakyRelu", "relu6", "silu", "gelu", "hardswish"].map((name) => [
      name,
      () => simple(name, same),
    ]),
  ),
  "pow 3": () => simple("pow", same, 3),
  "softmax, channels": () => simple("softmax", same, 1),
  "logSoftmax, channels": () => simple("logSoftmax", same, 1),
  "sum, rows": () => simple("sum", bytes(1, 0), 3),
  "mean, rows": () => simple("mean", bytes(1, 0), 3),
  "max, rows": () => simple("max", bytes(1, 0), 3),
  "cumsum, rows": () => simple("cumsum", same, 3),
  "sort, rows": () => simple("sort", same),
  transpose: () => simple("transpose", same, [0, 1, 3, 2]),
  matmul: () => {
    const second = parameter([128, 128], 4);
    return { work: gflop(128 * 128, SIZE / 128), run: (x) => lovasz.matmul(x, second) };
  },
};

/** Rows: the operator, and for forward and for both passes our time, what that is in GFLOP/s or GB/s, PyTorch's time, and the ratio. */
export async function* run() {
  const torch = torchOperators(SHAPE);
  for (const [name, make] of Object.entries(OPERATORS)) {
    const { work, run } = make();
    const x = randn(SHAPE, { seed: 1 }).abs().add(0.1).detach();
    x.requiresGrad = true;
    const upstream = tidy(() => ones(run(x).shape));
    const row = { operator: name };
    for (const pass of ["forward", "both"]) {
      const ours = pass === "forward" ? () => tidy(() => void run(x)) : () => both(run, x, upstream);
      const times = await compare({ ours, PyTorch: torch && { milliseconds: () => torch.milliseconds(`${pass} ${name}`) } }, { warm: 8 });
      row[pass] = milliseconds(times.ours.median);
      row[`${pass}: rate`] = rate(work, times.ours.median, pass === "both" ? 3 : 1);
      if (times.PyTorch) {
        row[`${pass}: PyTorch`] = milliseconds(times.PyTorch.median);
        row[`${pass}: ratio`] = (times.ours.median / times.PyTorch.median).toFixed(2);
      }
    }
    for (const made of [x, upstream]) made.dispose();
    yield row;
  }
  torch?.end();
}

// the graph is kept and freed at once: backward() would first copy the result to JavaScript memory
function both(run, x, upstream) {
  tidy(() => {
    run(x).backward(upstream, { retainGraph: true });
  });
  x.grad.dispose();
  x.grad = null;
}

function rate({ flop, bytes: moved }, time, passes) {
  return flop ? `${((passes * flop) / time / 1e6).toFixed(1)} GFLOP/s` : `${((passes * moved) / time / 1e6).toFixed(1)} GB/s`;
}

// Each operator and layer beside what the machine can do at most, and beside PyTorch, on one thread: forward, and both passes together.
import * as lovasz from "../dist/index.js";
import { peak } from "./peers/peak.mjs";
import { aboutTorch, torchOperators } from "./peers/peer.mjs";
import { inTurns, median, milliseconds, ratio } from "./timing.mjs";

const { ones, randn, tidy } = lovasz;
const operators = { ...lovasz };
const SHAPE = [4, 32, 128, 128];
const SIZE = SHAPE.reduce((a, b) => a * b, 1);

export const title = `Operators of a tensor ${SHAPE.join("x")}; ratio: our time by theirs in the same turn`;
export const about = async () => {
  const { flop, bytes } = await peaks;
  const most = `${(flop / 1e9).toFixed(1)} GFLOP/s of multiply-adds in registers, ${(bytes / 1e9).toFixed(1)} GB/s of memory beyond all caches`;
  return [aboutTorch(), `the peak of one thread in WebAssembly, measured in this run: ${most}`, "bytes: what has to be read and written"];
};

let peaks;

const parameter = (shape, seed) => {
  const made = randn(shape, { seed });
  made.requiresGrad = true;
  return made;
};

// a multiply-add of each weight for each pixel of `pixels` planes; the backward pass has two of them
const flops = (weights, pixels) => ({ flop: { forward: 2 * weights * pixels, both: 6 * weights * pixels } });
const planes = SHAPE[0] * SHAPE[2] * SHAPE[3];
// What is read and written at least, in tensors: inputs and outputs; then the gradients of both, and whatever the backward pass needs of
// the forward one.
const bytes = (inputs, outputs, kept = 0) => {
  const forward = 4 * SIZE * (inputs + outputs);
  return { bytes: { forward, both: 2 * forward + 4 * SIZE * kept } };
};
const linear = bytes(1, 1);
const same = bytes(1, 1, 1);

function convolution(weightShape, pixels, call) {
  const [weight, bias] = [parameter(weightShape, 2), parameter([32], 3)];
  return { work: flops(weight.size, pixels), run: (x) => call(x, weight, bias), parameters: [weight, bias] };
}

function normalisation(call) {
  const [weight, bias] = [parameter([32], 2), parameter([32], 3)];
  return { work: same, run: (x) => call(x, weight, bias), parameters: [weight, bias] };
}

const simple = (name, work, ...args) => ({ work, run: (x) => operators[name](x, ...args), parameters: [] });
const withSecond = (shape, work, call) => {
  const second = parameter(shape, 4);
  return { work, run: (x) => call(x, second), parameters: [second] };
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
  "dropout 0.5": () => simple("dropout", linear, 0.5),
  "upsampleBilinear 2": () => simple("upsampleBilinear", bytes(1, 4), 2),
  "upsampleNearest 2": () => simple("upsampleNearest", bytes(1, 4), 2),
  "maxPool2d 2": () => simple("maxPool2d", bytes(1, 0.25, 0.25), 2),
  "avgPool2d 2": () => simple("avgPool2d", bytes(1, 0.25), 2),
  globalAvgPool2d: () => simple("globalAvgPool2d", bytes(1, 0)),
  "pad 1": () => simple("pad", linear, [1, 1, 1, 1]),
  concat: () => withSecond(SHAPE, bytes(2, 2), (x, second) => lovasz.concat([x, second], 1)),
  ...Object.fromEntries(["add", "sub"].map((name) => [name, () => withSecond(SHAPE, bytes(2, 1), operators[name])])),
  ...Object.fromEntries(["mul", "div"].map((name) => [name, () => withSecond(SHAPE, bytes(2, 1, 2), operators[name])])),
  neg: () => simple("neg", linear),
  ...Object.fromEntries(
    ["exp", "log", "sqrt", "abs", "relu", "sigmoid", "tanh", "leakyRelu", "relu6", "silu", "gelu", "hardswish"].map((name) => [
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
  "cumsum, rows": () => simple("cumsum", linear, 3),
  "sort, rows": () => simple("sort", same),
  transpose: () => simple("transpose", linear, [0, 1, 3, 2]),
  matmul: () => withSecond([128, 128], flops(128 * 128, SIZE / 128), lovasz.matmul),
};

/** Rows: operator and pass; our time, what that is in GFLOP/s or GB/s, and of the peak; PyTorch's time, and the ratio. */
export async function* run() {
  peaks = peak();
  await peaks;
  const torch = torchOperators(SHAPE);
  for (const [name, make] of Object.entries(OPERATORS)) {
    const { work, run, parameters } = make();
    const x = randn(SHAPE, { seed: 1 }).abs().add(0.1).detach();
    x.requiresGrad = true;
    const upstream = tidy(() => ones(run(x).shape));
    for (const pass of ["forward", "both"]) {
      const ours = pass === "forward" ? () => tidy(() => void run(x)) : () => both(run, [x, ...parameters], upstream);
      const entries = { ours, PyTorch: torch && { milliseconds: () => torch.milliseconds(`${pass} ${name}`) } };
      const times = await inTurns(entries, { rounds: 9, warm: 6 });
      const row = { operator: name, pass, time: milliseconds(median(times.ours)), ...(await rates(work, pass, median(times.ours))) };
      if (times.PyTorch)
        Object.assign(row, { PyTorch: milliseconds(median(times.PyTorch)), "by PyTorch": ratio(times.ours, times.PyTorch) });
      yield row;
    }
    for (const made of [x, upstream, ...parameters]) made.dispose();
  }
  torch?.end();
}

// The graph is kept and freed at once: backward() would first copy the result to JavaScript memory. Gradients are freed, so that none is added to.
function both(run, [x, ...parameters], upstream) {
  tidy(() => {
    run(x).backward(upstream, { retainGraph: true });
  });
  for (const leaf of [x, ...parameters]) {
    leaf.grad?.dispose();
    leaf.grad = null;
  }
}

async function rates(work, pass, time) {
  const [[kind, of]] = Object.entries(work);
  const rate = (1000 * of[pass]) / time;
  const unit = kind === "flop" ? "GFLOP/s" : "GB/s";
  return { rate: `${(rate / 1e9).toFixed(1)} ${unit}`, "of the peak": `${Math.round((100 * rate) / (await peaks)[kind])} %` };
}

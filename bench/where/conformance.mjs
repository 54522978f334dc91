// What an engine has to do right, for `npm run bench -- where`: losses and gradients against their definition in float64, a few steps of training,
// the same with threads, and what else the engine has. It runs in the engine itself, so it imports nothing that only some engines have.
import { normals } from "../random.mjs";
import { exact, hinge, softmax } from "../reference.mjs";

/** The most by which a loss or an entry of a gradient may differ from float64, relative to the largest. */
const TOLERANCE = 1e-5;
const CLASSES = 3;
// few pixels: where two have almost the same error, another rounding may swap them, and with them their gradients
const PIXELS = 256;
/** Of the picture to train on, so that threads have something to share. */
const SIDE = 128;

const labelsOf = (count) => Array.from({ length: count }, (_, i) => (i * 7919) % CLASSES);
const labels = labelsOf(PIXELS);
const foreground = labels.map((label) => Number(label === 1));
const logits = normals(CLASSES * PIXELS, 1);

const CASES = {
  lovaszHinge: { values: logits.slice(0, PIXELS), labels: foreground, shape: [1, PIXELS] },
  lovaszSoftmax: { values: logits, labels, shape: [1, CLASSES, PIXELS] },
};
const expected = {
  lovaszHinge: hinge(CASES.lovaszHinge.values, foreground, exact),
  lovaszSoftmax: softmax(logits, labels, CLASSES, exact),
};

/**
 * What the engine does, with `lovasz` being the namespace of the main entry: `losses`, `training` (the loss before each step) and `threads`
 * say in words what is wrong, if anything is.
 */
export async function conformance(lovasz) {
  const answer = {
    losses: await tried(() => judged(({ name, input }) => lovasz.valueAndGrad(lovasz[name])(...input))),
    training: await tried(() => trained(lovasz)),
    shared: typeof SharedArrayBuffer === "function" && globalThis.crossOriginIsolated !== false,
    relaxed: WebAssembly.validate(RELAXED),
  };
  return { ...answer, threads: await tried(() => withThreads(lovasz, answer.training)) };
}

/** The GPU by which the losses are right: `{ renderer, software }`; or in words why there is none. */
export async function gpus(lovasz) {
  return { webgpu: await tried(() => onGpu(lovasz, "webgpu")), webgl2: await tried(() => onGpu(lovasz, "webgl2")) };
}

/** What `ask` resolves to, or the message of what it throws. */
async function tried(ask) {
  try {
    return await ask();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

// throws where a loss or gradient is not what its definition says
async function judged(compute) {
  for (const [name, { values, labels, shape }] of Object.entries(CASES)) {
    const { value, grad } = await compute({ name, input: [values, labels, { shape }] });
    const { loss, gradient } = expected[name];
    const largest = Math.max(...gradient.map(Math.abs));
    const differences = gradient.map((entry, i) => Math.abs(grad[i] - entry) / largest);
    const most = Math.max(Math.abs(value - loss) / loss, ...differences);
    if (!(most <= TOLERANCE)) throw new Error(`${name} differs from float64 by ${most.toExponential(1)}`);
  }
  return true;
}

/** The loss before each of a few steps of a small U-Net; throws where it does not fall. */
function trained({ crossEntropy, lovaszSoftmax, nn, optim, tensor, tidy }) {
  const network = new nn.UNet({ inChannels: 1, outChannels: CLASSES, width: 4, levels: 2, seed: 1 });
  const optimizer = new optim.Adam(network.parameters(), { lr: 0.02 });
  const truth = labelsOf(SIDE * SIDE);
  const noise = normals(SIDE * SIDE, 2);
  const values = truth.map((label, i) => label + 0.1 * noise[i]);
  const pixels = tensor(values, [1, 1, SIDE, SIDE]);
  const losses = Array.from({ length: 12 }, () =>
    tidy(() => {
      const output = network.forward(pixels);
      const loss = crossEntropy(output, truth).add(lovaszSoftmax(output, truth));
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss.item();
    }),
  );
  network.dispose();
  pixels.dispose();
  if (!(losses.at(-1) < 0.8 * losses[0])) throw new Error(`the loss of a U-Net goes from ${losses[0]} to ${losses.at(-1)}`);
  return losses;
}

async function withThreads(lovasz, alone) {
  await lovasz.setThreads(2);
  try {
    await judged(({ name, input }) => lovasz.valueAndGrad(lovasz[name])(...input));
    const differences = trained(lovasz).map((loss, i) => Math.abs(loss - alone[i]));
    if (!(Math.max(...differences) < 1e-4)) throw new Error("two threads train otherwise than one");
    if (lovasz.threads() !== 2) throw new Error("the second thread was lost");
    return true;
  } finally {
    await lovasz.setThreads(1);
  }
}

async function onGpu({ lovaszHinge, lovaszSoftmax, openDevice }, mode) {
  const device = await openDevice("gpu", { mode, allowSoftware: true });
  try {
    const losses = { lovaszHinge, lovaszSoftmax };
    await judged(({ name, input }) => device.valueAndGrad(losses[name], ...input));
    if (device.info.onGpu === 0 || device.info.inPlace > 0) throw new Error(device.info.reason ?? "nothing was computed on the GPU");
    const { renderer, software } = device.info;
    return { renderer, software };
  } finally {
    await device.close();
  }
}

// A module with f32x4.relaxed_madd, which rounds once on some machines and twice on others.
const RELAXED = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // a function without parameters that returns a v128
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00],
  // one local, taken three times
  ...[0x0a, 0x0f, 0x01, 0x0d, 0x01, 0x01, 0x7b, 0x20, 0x00, 0x20, 0x00, 0x20, 0x00, 0xfd, 0x85, 0x02, 0x0b],
);

// Trains one U-Net on several processes, each with its share of every batch, on the loss of the whole batch: the result is that of one process
// with all pictures, whatever the number of processes.
//
//   npm run build && mpiexec -n 2 node examples/mpi/train.mjs --checkpoint water.safetensors
//   mpiexec -n 4 node examples/mpi/train.mjs --checkpoint water.safetensors --resume --steps 400
import { parseArgs } from "node:util";
import { iouBinary, lovaszHinge, nn, noGrad, optim, tensor, tidy, valueAndGrad } from "lovasz";
// the tiles of `lovasz train --example`, as built by `npm run build`
import { readExample } from "../../build/example.js";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.mjs";
import { globalLoss } from "./globalLoss.mjs";
import { openMpi } from "./mpi.mjs";

const { values: options } = parseArgs({
  options: {
    steps: { type: "string", default: "200" },
    batch: { type: "string", default: "8" },
    width: { type: "string", default: "4" },
    lr: { type: "string", default: "0.005" },
    seed: { type: "string", default: "1" },
    checkpoint: { type: "string" },
    every: { type: "string", default: "50" },
    resume: { type: "boolean", default: false },
  },
});
const [steps, batch, width, lr, seed, every] = ["steps", "batch", "width", "lr", "seed", "every"].map((name) => Number(options[name]));

/** The label of pixels that count in nothing. */
const VOID = 255;

const mpi = openMpi();
// an error of one rank would leave the others waiting for it
process.on("uncaughtException", (error) => {
  console.error(`rank ${mpi.rank}: ${error.message}`);
  mpi.abort(1);
});

const { training, validation } = await readExample();
// GroupNorm: the statistics of batch normalisation would be those of a rank's own pictures
const network = new nn.UNet({ inChannels: 3, outChannels: 1, width, norm: "group", seed });
const parameters = network.parameters();
const optimizer = new optim.Adam(parameters, { lr });
const first = options.resume ? loadCheckpoint(options.checkpoint, { network, optimizer }) : 0;
const rate = optim.cosine({ from: lr, steps });

for (let step = first; step < steps; step++) {
  optimizer.lr = rate(step);
  const value = tidy(() =>
    trainOn(
      batchOf(step).filter((_, i) => i % mpi.size === mpi.rank),
      step === first,
    ),
  );
  if (mpi.rank > 0) continue;
  if ((step + 1) % 20 === 0 || step + 1 === steps) console.log(`step ${step + 1}: loss ${value.toFixed(6)}`);
  if (options.checkpoint && ((step + 1) % every === 0 || step + 1 === steps)) saveCheckpoint(options.checkpoint, { network, optimizer, step: step + 1 }); // biome-ignore format: one line
}
if (mpi.rank === 0) console.log(`IoU of water in the other half of the earth: ${tidy(validationIoU).toFixed(3)}`);
mpi.close();

// the same pictures for any number of ranks, and after a checkpoint
function batchOf(step) {
  return Array.from({ length: batch }, (_, i) => training[Math.floor(random(step * batch + i) * training.length)]);
}

function trainOn(batch, compares) {
  const pictures = batch.map((picture) => ({ logits: network.forward(inputOf(picture)), labels: picture.labels }));
  const { value, lovasz, losses } = globalLoss(mpi, pictures, { ignore: VOID });
  if (compares) compareWithMeans(pictures, lovasz);
  const gradients = sumOfGradients(losses);
  let at = 0;
  for (const { grad } of parameters) {
    grad.data.set(gradients.subarray(at, at + grad.size));
    at += grad.size;
  }
  optimizer.step();
  return value;
}

// In float64, in which the order of the sum changes nothing that float32 would show: any number of ranks trains the same weights.
function sumOfGradients(losses) {
  const sums = new Float64Array(parameters.reduce((sum, { size }) => sum + size, 0));
  for (const loss of losses) {
    optimizer.zeroGrad();
    loss.backward();
    let at = 0;
    for (const { grad } of parameters) for (const entry of grad.data) sums[at++] += entry;
  }
  return mpi.allReduce(sums, "sum");
}

// what averaging the losses of ranks gives instead, as data-parallel training without global counts does
function compareWithMeans(pictures, lovasz) {
  const logits = Float32Array.from(pictures.flatMap((picture) => [...picture.logits.data]));
  const labels = Uint8Array.from(pictures.flatMap((picture) => [...picture.labels]));
  const own = valueAndGrad(lovaszHinge)(logits, labels, { ignore: VOID, perImage: false }).value;
  const [sum] = mpi.allReduce(Float64Array.of(own), "sum");
  if (mpi.rank > 0 || mpi.size === 1) return;
  console.log(`Lovász hinge of the batch: ${lovasz.toFixed(6)}; mean of the ${mpi.size} ranks' own: ${(sum / mpi.size).toFixed(6)}`);
}

function inputOf({ rgb, mean, scale }) {
  const pixels = 64 * 64;
  const input = new Float32Array(3 * pixels);
  for (let i = 0; i < 3 * pixels; i++) {
    const channel = i % 3;
    input[channel * pixels + Math.floor(i / 3)] = (rgb[i] - mean[channel]) * scale[channel];
  }
  return tensor(input, [1, 3, 64, 64]);
}

function validationIoU() {
  network.eval();
  const predicted = validation.map((picture) => noGrad(() => [...network.forward(inputOf(picture)).data]));
  const labels = validation.flatMap(({ labels }) => [...labels]);
  return iouBinary(
    Uint8Array.from(predicted.flat(), (logit) => Number(logit > 0)),
    labels,
    { ignore: VOID },
  );
}

/** A number in [0, 1) for each index: a hash of 32 bits. */
function random(index) {
  let hash = Math.imul(index + 1, 0x9e3779b1) ^ seed;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

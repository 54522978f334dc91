// A training step beside what else trains in JavaScript, and beside PyTorch.
import { binaryCrossEntropy, nn, optim, tensor, tidy } from "../dist/index.js";
import { torchTraining } from "./peers/peer.mjs";
import { binaryLabels, normals } from "./random.mjs";
import { compare, milliseconds, plusMinus } from "./timing.mjs";

const channels = [1, 16, 16, 1];

export const title = `A training step: 3x3 convolutions ${channels.join("-")} and relu, binary cross-entropy, Adam`;

/** Rows: batch, who takes the step, how long, how many times ours; and the loss before the second step, as all start alike. */
export async function* run() {
  const task = taskOf(4, 256, 256);
  const torch = torchTraining([
    Uint32Array.of(task.batch, task.height, task.width, task.layers.length, ...channels),
    ...task.layers.flatMap(({ weight, bias }) => [weight, bias]),
    ...[task.pixels, task.labels],
  ]);
  const second = {};
  const told = (who, step) => {
    let steps = 0;
    return async () => {
      const loss = await step();
      if (++steps === 2) second[who] = loss;
    };
  };
  const torchLoss = told("PyTorch", () => torch.loss);
  const lovasz = told("lovasz", lovaszTraining(task));
  const times = await compare({
    lovasz,
    PyTorch: torch && { milliseconds: () => torch.milliseconds().finally(torchLoss) },
  });
  torch?.end();
  yield* rows(task, times, second);
  // a slow one: a few rounds are enough
  const jax = await import("./peers/jax_training.mjs").then(({ jaxTraining }) => jaxTraining(task), absent);
  if (jax) yield* rows(task, await compare({ lovasz, "jax-js": told("jax-js", jax) }, { rounds: 2, warm: 1 }), second);

  // hundreds of times slower: a smaller picture, ours beside it
  const small = taskOf(1, 32, 32);
  const cpu = await import("./peers/tfjs_training.mjs").then(({ tfjsTraining }) => tfjsTraining("cpu", small)).catch(absent);
  const entries = { lovasz: told("lovasz", lovaszTraining(small)), "TensorFlow.js, cpu": cpu && told("TensorFlow.js, cpu", cpu) };
  yield* rows(small, await compare(entries, { rounds: 3, warm: 1 }), second);
  if (cpu) yield await tfjsWasm(small);
}

function* rows({ batch, height, width }, times, second) {
  for (const [who, { median, spread }] of Object.entries(times)) {
    const ratio = (median / times.lovasz.median).toFixed(2);
    const input = `${batch}x${height}x${width}`;
    yield { input, who, time: milliseconds(median), spread: plusMinus(spread), ratio, "second loss": second[who].toFixed(5) };
  }
}

async function tfjsWasm(task) {
  const { tfjsTraining } = await import("./peers/tfjs_training.mjs");
  const step = await tfjsTraining("wasm", task);
  const time = await step().then(
    () => "can do it now: time it here",
    (error) => error.message.split(".")[0],
  );
  return { who: "TensorFlow.js, wasm", time };
}

// a peer that is not installed leaves its row out
function absent(error) {
  if (error.code !== "ERR_MODULE_NOT_FOUND" && error.code !== "MODULE_NOT_FOUND") throw error;
  return null;
}

function taskOf(batch, height, width) {
  const size = batch * height * width;
  const layers = channels.slice(1).map((to, i) => {
    const shape = [to, channels[i], 3, 3];
    const deviation = Math.sqrt(2 / (9 * channels[i]));
    return { shape, weight: normals(9 * to * channels[i], 3 + i).map((value) => value * deviation), bias: new Float32Array(to) };
  });
  return { batch, height, width, layers, pixels: normals(size, 1), labels: binaryLabels(size, 0.3, 2) };
}

// a function that takes one step and returns the loss before it
function lovaszTraining({ layers, pixels, labels, batch, height, width }) {
  const network = new nn.Sequential(
    ...layers.flatMap(({ shape: [to, from, size], weight, bias }, i) => {
      const conv = new nn.Conv2d(from, to, size, { padding: 1 });
      conv.weight.data.set(weight);
      conv.bias.data.set(bias);
      return i > 0 ? [new nn.ReLU(), conv] : [conv];
    }),
  );
  const optimizer = new optim.Adam(network.parameters(), { lr: 1e-3 });
  const x = tensor(pixels, [batch, channels[0], height, width]);
  return () =>
    tidy(() => {
      optimizer.zeroGrad();
      const loss = binaryCrossEntropy(network.forward(x), labels);
      loss.backward();
      optimizer.step();
      return loss.item();
    });
}

// A worker of the page: one contender, which measures each task that it can do, and answers milliseconds, spreads and the value of the loss.
import { lovaszTraining } from "../../../bench/peers/lovasz_training.mjs";
import { binaryLabels, normals } from "../../../bench/random.mjs";
import { compare } from "../../../src/cli/bench/timing.ts";

const [SIDE, BATCH, EXTENT] = [512, 4, 128];

// the same network from the same weights, on the same pictures, for all
async function taskOf(lovasz) {
  const options = { width: 8, levels: 3, seed: 1 };
  const network = new lovasz.nn.UNet(options);
  const state = network.stateDict();
  network.dispose();
  const pixels = BATCH * EXTENT * EXTENT;
  return {
    network: "UNet",
    options,
    state,
    shape: [BATCH, 3, EXTENT, EXTENT],
    pixels: normals(3 * pixels, 3),
    labels: binaryLabels(pixels, 0.3, 4),
  };
}

async function callsOf({ library, backend, threads }) {
  const lovasz = await import("./lovasz/index.js");
  const task = await taskOf(lovasz);
  if (library === "tfjs") {
    const [tf, { tfjsTraining }, { tensorFlowHinge }] = await Promise.all([
      import("@tensorflow/tfjs"),
      import("../../../bench/peers/tfjs_training.mjs"),
      import("./losses.mjs"),
    ]);
    if (backend === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
    const training = await tfjsTraining(task, backend, threads, new URL("tfjs/", import.meta.url).href);
    return { hinge: tensorFlowHinge(tf), ...training };
  }
  if (library === "jax") {
    const [jax, { jaxTraining }, { jaxHinge }] = await Promise.all([
      import("@jax-js/jax"),
      import("../../../bench/peers/jax_training.mjs"),
      import("./losses.mjs"),
    ]);
    const training = await jaxTraining(task, backend);
    return { hinge: jaxHinge(jax), ...training };
  }
  return ownCalls(lovasz, task, backend);
}

async function ownCalls(lovasz, task, backend) {
  const device = await lovasz.openDevice(backend);
  const hinge = (logits, labels) => device.valueAndGrad(lovasz.lovaszHinge, logits, labels);
  if (backend === "gpu") return { hinge };
  if (backend === "threads") await lovasz.setThreads("auto");
  return { hinge, ...lovaszTraining(lovasz, task) };
}

async function measured(contender) {
  const { hinge, step, inference } = await callsOf(contender);
  // what all of them take
  const [logits, labels] = [normals(SIDE * SIDE, 1), Float32Array.from(binaryLabels(SIDE * SIDE, 0.3, 2))];
  const { value } = await hinge(logits, labels);
  const tasks = { hinge: () => hinge(logits, labels), step, inference };
  const rows = {};
  for (const [name, call] of Object.entries(tasks)) {
    if (!call) continue;
    try {
      const { it } = await compare({ it: call }, { rounds: 7, warm: 1 });
      rows[name] = it;
    } catch (error) {
      rows[name] = { error: String(error.message ?? error) };
    }
  }
  return { rows, value };
}

addEventListener("message", async ({ data }) => {
  postMessage(await measured(data).catch((error) => ({ error: String(error.message ?? error) })));
});

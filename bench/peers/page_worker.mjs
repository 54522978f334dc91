// A worker of the page of chromium.mjs, bundled: one contender, which makes itself at the first message and then answers "step" or "inference"
// by its milliseconds and its result.
import { jaxTraining } from "./jax_training.mjs";
import { lovaszTraining } from "./lovasz_training.mjs";
import { readTask } from "./read_task.mjs";
import { tfjsTraining } from "./tfjs_training.mjs";
import { useThreads } from "./threads.mjs";

const contenders = {
  async lovasz(task, threads) {
    const lovasz = await import("/dist/index.js");
    await useThreads(lovasz, threads);
    return lovaszTraining(lovasz, task);
  },
  tfjs: tfjsTraining,
  jax: jaxTraining,
};

let calls;

async function answer({ name, args, task, request }) {
  if (name) {
    calls = await contenders[name](readTask(task), ...args);
    return {};
  }
  const start = performance.now();
  const result = await calls[request]();
  return { time: performance.now() - start, result };
}

addEventListener("message", async ({ data }) => {
  postMessage(await answer(data).catch((error) => ({ error: String(error.message ?? error) })));
});

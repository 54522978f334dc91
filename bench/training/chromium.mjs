// A training step and inference of a U-Net in Chromium, beside other trainers there, each contender in a worker of its own.
import { readFileSync } from "node:fs";
import { NoBrowser } from "../../test/helpers/chromium.mjs";
import { openChromium } from "../peers/chromium.mjs";
import { taskLine } from "../peers/task.mjs";
import { inTurns, median, milliseconds, ratio } from "../timing.mjs";
import { callsOf } from "./calls.mjs";

const [WIDTH, SIZE] = [8, [1, 128, 128]];

export const title = `U-Net, width ${WIDTH}, ${SIZE.join("x")}, in Chromium: a training step (binary cross-entropy, Adam) and inference`;

const version = (name) => JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
export const about = () => [
  `TensorFlow.js ${version("@tensorflow/tfjs")}, jax-js ${version("@jax-js/jax")}; in software: no measure of a GPU`,
];

// who, on how many threads, and how page_worker.mjs makes it
const CONTENDERS = [
  ["lovasz", 1, "lovasz", [1]],
  ["lovasz", 2, "lovasz", [2]],
  ["TensorFlow.js, wasm", 1, "tfjs", ["wasm", 1]],
  ["TensorFlow.js, wasm", 2, "tfjs", ["wasm", 2]],
  ["TensorFlow.js, webgl in software", "", "tfjs", ["webgl", 1]],
  ["jax-js, wasm", 1, "jax", ["wasm"]],
  ["jax-js, webgpu in software", "", "jax", ["webgpu"]],
];

// milliseconds, from which on two rounds are enough
const SLOW = 500;

/** Rows: pass, who and threads; the time, and by ours of one thread; the loss before the second step, or the mean logit. */
export async function* run() {
  const browser = await openChromium().catch((error) => {
    if (error instanceof NoBrowser) return null;
    throw error;
  });
  if (!browser) {
    yield { pass: "none: no browser can be started here" };
    return;
  }
  try {
    const task = taskLine("UNet", { width: WIDTH }, SIZE);
    for (const pass of ["step", "inference"]) yield* rows(browser, pass, task);
  } finally {
    await browser.close();
  }
}

async function* rows(browser, pass, task) {
  const started = [];
  for (const [who, threads, ...how] of CONTENDERS)
    started.push({ row: { pass, who, threads }, ...(await start(browser, pass, task, how)) });
  const [ours] = started;
  const running = started.filter(({ peer }) => peer);
  for (const [group, rounds] of [
    [running.filter(({ time }) => time <= SLOW), 9],
    [[ours, ...running.filter(({ time }) => time > SLOW)], 2],
  ]) {
    const times = await inTurns(Object.fromEntries(group.map(({ entry }, i) => [i, entry])), { rounds, warm: 0, pause: 10 });
    group.forEach((one, i) => {
      one.cells ??= {
        time: milliseconds(median(times[i])),
        "by lovasz, one thread": ratio(times[i], times[0]),
        computed: one.entry.second.toFixed(5),
      };
    });
  }
  for (const { row, cells, reason } of started) yield { ...row, time: reason, ...cells };
  for (const { peer } of running) await peer.end();
}

// a contender after two calls, and the time of the second; or the reason, in its own words, why it cannot do that
async function start(browser, pass, task, [name, args]) {
  try {
    const peer = await browser.contender(name, args, task);
    const entry = callsOf(peer, pass);
    await entry.milliseconds();
    return { peer, entry, time: await entry.milliseconds() };
  } catch (error) {
    return { reason: error.message.split("\n")[0].replace(/^page\.\w+: Error: /, "") };
  }
}

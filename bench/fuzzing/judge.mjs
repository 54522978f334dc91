// The laws on a loss written in Python. The only file that knows how such a loss is called.
import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { asyncProperty, check } from "fast-check";
import { arbitraries, checkLoss, laws } from "../../dist/fuzz.js";
import { lovaszHinge, lovaszSigmoid, lovaszSoftmax, valueAndGrad } from "../../dist/index.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const ours = { hinge: lovaszHinge, sigmoid: lovaszSigmoid, softmax: lovaszSoftmax };
// milliseconds to look for a simpler case
const SHRINKING = 4000;

/** Why a loss cannot be judged here. */
export class Absent extends Error {}

/**
 * Judges `name` of the Python module `module` of this folder, run by `python` with `path` among its modules: `{ kind, honours, laws }`, each law
 * with `{ law, ok, runs, message, example }`. `without` are options of `honours` to leave out. Throws
 * `Absent` where the loss cannot be imported.
 */
export async function judge({ python, path, module, name, without = [], runs, seed }) {
  const loss = await started(python, path, module, name);
  const { classes } = loss.about;
  const honours = loss.about.honours.filter((option) => !without.includes(option));
  const kind = loss.about.kind.replace("-logits", "");
  const own = (values, labels, options) =>
    valueAndGrad(ours[kind])(values, labels, kind === "softmax" ? { ...options, fromLogits: false } : options);
  const { laws: known } = await checkLoss(own, { kind, runs: 1, seed: 1, honours });
  const cases = arbitraries
    .lossCase(kind, { honours })
    .map((example) => (classes ? { ...example, options: { ...example.options, classes } } : example));
  await loss.call(...smallest(kind, classes)).catch(({ message }) => {
    if (!/^(ModuleNotFound|Import)Error/.test(message)) return;
    loss.end();
    throw new Absent(message);
  });
  // a loss of all classes is not asked for others
  const judged = (values, labels, options) =>
    classes && options.classes !== classes ? own(values, labels, options) : loss.call(values, labels, options);
  const results = [];
  for (const [i, { law }] of known.entries()) results.push(await tried(law, judged, cases, runs, seed + i));
  loss.end();
  return { ...loss.about, honours, laws: results };
}

const smallest = (kind, classes) =>
  kind === "softmax"
    ? [[1, 0, 0, 1], [0, 1], { shape: [1, 2, 1, 2], ...(classes && { classes }) }]
    : [[1, -1], [1, 0], { shape: [1, 1, 2] }];

async function tried(law, loss, cases, runs, seed) {
  let end = Number.POSITIVE_INFINITY;
  const property = asyncProperty(cases, async (example) => {
    if (performance.now() > end) return;
    try {
      await laws[law](loss, example);
    } catch (error) {
      end = Math.min(end, performance.now() + SHRINKING);
      throw error;
    }
  });
  const { failed, counterexample, errorInstance, numRuns } = await check(property, { numRuns: runs, seed });
  return failed
    ? { law, ok: false, runs: numRuns, message: errorInstance.message, example: counterexample[0] }
    : { law, ok: true, runs: numRuns };
}

async function started(python, path, module, name) {
  const env = {
    ...process.env,
    PYTHONPATH: [here, path].join(delimiter),
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONWARNINGS: "ignore",
    TF_CPP_MIN_LOG_LEVEL: "3",
    CUDA_VISIBLE_DEVICES: "-1",
  };
  const child = spawn(python, [`${here}bridge.py`, module, name, ...(module === "in_torch" ? ["--torch"] : [])], {
    env,
    stdio: ["pipe", "pipe", process.env.DEBUG ? "inherit" : "pipe"],
  });
  let errors = "";
  child.stderr?.on("data", (data) => {
    errors = (errors + data).slice(-2000);
  });
  const waiting = [];
  createInterface(child.stdout).on("line", (line) => waiting.shift()?.resolve(JSON.parse(line)));
  const end = (why) => waiting.splice(0).map(({ reject }) => reject(new Absent(why)));
  child.on("error", ({ message }) => end(message));
  child.on("exit", (code) => end(`${python} ended with code ${code}: ${errors.trim().split("\n").at(-1)}`));
  const answer = () => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  const about = await answer();
  return {
    about,
    async call(values, labels, options) {
      child.stdin.write(`${JSON.stringify({ values: Array.from(values), labels: Array.from(labels), options })}\n`);
      const { value, grad, error } = await answer();
      if (error !== undefined) throw new Error(error);
      return { value: Number(value), grad: grad.map(Number) };
    },
    end: () => child.stdin.end(),
  };
}

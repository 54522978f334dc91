// npm run fuzz [-- --minutes N] [--seed N] [--runs N]: the laws, those beyond every right loss's too, on the losses of this package, on
// every device, with new seeds for N minutes; ends at the first law broken, with its seed and counterexample.
// npm run fuzz -- --mutants [--seed N] [--runs N] [--precision float16]: which laws catch which broken loss of mutants.ts and scoreMutants.ts, as tables in Markdown: the first
// law to do so, the run of its first case, and how many laws do; fails where none does.
// npm run fuzz -- --right [--seed N] [--runs N] [--only STYLE,...] [--precision float16]: the right losses of right.ts, rightLogits.ts, rightScores.ts and
// trainers.ts, in half precision of rightHalf.ts; fails where one is refused.
import { parseArgs } from "node:util";
import { dice, jaccard, lovaszHinge, lovaszSigmoid, lovaszSoftmax, openDevice, tversky, valueAndGrad } from "lovasz";
import { checkLoss } from "lovasz/fuzz";
import { runnerImport } from "vite";
import { embed } from "../../rollup.config.mjs";

const { values: flags } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    runs: { type: "string", default: "200" },
    mutants: { type: "boolean", default: false },
    right: { type: "boolean", default: false },
    only: { type: "string" },
    precision: { type: "string", default: "float32" },
  },
});
const [minutes, seed, runs] = [flags.minutes, flags.seed, flags.runs].map(Number);
if (![minutes, seed, runs].every((number) => number >= 0)) {
  console.error("pass --minutes, --seed and --runs as numbers of at least 0");
  process.exit(2);
}
const { precision } = flags;
const LOSSES = {
  hinge: lovaszHinge,
  softmax: lovaszSoftmax,
  "softmax-logits": lovaszSoftmax,
  sigmoid: lovaszSigmoid,
  dice,
  jaccard,
  tversky,
};
const KINDS = Object.keys(LOSSES);
process.exitCode = flags.mutants ? await judgeMutants() : flags.right ? await judgeRight() : await judgeOurselves();

async function load(path) {
  return (await runnerImport(path, { plugins: [embed()], logLevel: "error", root: process.cwd() })).module;
}

/** Ways to our losses, and the share of the runs that a slow one gets; says which there are not here, and why. */
async function devices() {
  const opened = [{ name: "main entry", valueAndGrad: async (loss, ...given) => valueAndGrad(loss)(...given) }];
  // small inputs go to workers, too
  for (const [name, options] of [["wasm"], ["threads", { workers: 2, least: 0 }], ["auto", { workers: 2 }]]) {
    await add(name, () => openDevice(name, options));
  }
  // through a page, each call takes some milliseconds
  await add("gpu in a browser", async () => (await load("/test/fuzz/browserGpu.ts")).browserGpu(), 0.1);
  return opened;

  async function add(name, open, share = 1) {
    try {
      const device = await open();
      opened.push({ name, share, device, valueAndGrad: device.valueAndGrad.bind(device), close: device.close.bind(device) });
    } catch (error) {
      console.log(`not judged: ${name}, which does not open here: ${error.message}`);
    }
  }
}

async function judgeOurselves() {
  const opened = await devices();
  const end = Date.now() + 60_000 * minutes;
  const { EXTRA_LAWS, lawsOf } = await load("/src/fuzz/laws/index.ts");
  const cases = Object.fromEntries(opened.map(({ name }) => [name, 0]));
  let rounds = 0;
  try {
    do {
      for (const { name, valueAndGrad, share = 1 } of opened) {
        for (const kind of KINDS) {
          const more = kind === "softmax" ? { fromLogits: false } : {};
          const loss = (values, labels, options) => valueAndGrad(LOSSES[kind], values, labels, { ...options, ...more });
          const also = EXTRA_LAWS.filter((law) => lawsOf(kind, EXTRA_LAWS).includes(law));
          const result = await checkLoss(loss, { kind, runs: Math.ceil(runs * share), also, seed: (seed + rounds) % 2 ** 31 });
          cases[name] += result.laws.reduce((sum, law) => sum + law.runs, 0);
          if (result.ok) continue;
          console.log(`lovasz ${kind} on ${name} breaks laws at --seed ${result.seed} --runs ${runs}`);
          for (const { law, message, counterexample } of result.laws) if (message) console.log(`\n${law}: ${message}\n\n${counterexample}`);
          return 1;
        }
      }
      rounds += 1;
    } while (Date.now() < end);
  } finally {
    for (const { close } of opened) await close?.();
  }
  for (const { name, device } of opened) {
    const { onGpu } = device?.info ?? {};
    console.log(`${name}: no law broken in ${cases[name]} cases${onGpu === undefined ? "" : `, ${onGpu} calls on the GPU`}`);
  }
  console.log(`${rounds} rounds, from --seed ${seed} on`);
  return 0;
}

async function judgeMutants() {
  const { MUTANTS } = await load("/test/fuzz/mutants.ts");
  const { SCORE_MUTANTS } = await load("/test/fuzz/scoreMutants.ts");
  const { answersInHalf } = await load("/test/fuzz/rightHalf.ts");
  const mutants = [...MUTANTS, ...SCORE_MUTANTS];
  const judged = precision === "float16" ? answersInHalf : (loss) => loss;
  const { checkLaw } = await load("/src/fuzz/checkLoss.ts");
  const { lawsOf } = await load("/src/fuzz/laws/index.ts");
  const rows = new Map();
  const catches = new Map();
  const survivors = [];
  for (const { name, kind, loss } of mutants) {
    const broken = [];
    for (const law of lawsOf(kind)) {
      // the first counterexample will do: shrinking takes longer than all else
      const result = await checkLaw(judged(loss()), law, kind, { runs, seed, settings: { precision }, shrink: false });
      if (!result.ok) broken.push(result);
    }
    for (const { law } of broken) catches.set(law, { ...catches.get(law), [kind]: (catches.get(law)?.[kind] ?? 0) + 1 });
    if (broken.length === 0) survivors.push(`${kind}: ${name}`);
    const [first] = broken.toSorted((one, other) => one.runs - other.runs);
    rows.set(name, { ...rows.get(name), [kind]: first ? `${first.law} ${first.runs}, of ${broken.length}` : "NONE" });
  }
  print(["mutant", ...KINDS], [...rows], "");
  const counts = KINDS.map((kind) => mutants.filter((mutant) => mutant.kind === kind).length);
  print(["law", ...KINDS.map((kind, i) => `${kind}, of ${counts[i]}`)], [...catches], "0");
  const count = mutants.length;
  console.log(`${count - survivors.length} of ${count} mutants caught in ${runs} runs of each law, --seed ${seed}`);
  return survivors.length === 0 ? 0 : 1;
}

/** A table in Markdown of what there is for each of the kinds. */
function print(head, rows, none) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  console.log(line(head));
  console.log(line(head.map(() => "---")));
  for (const [name, cells] of rows) console.log(line([name, ...KINDS.map((kind) => cells[kind] ?? none)]));
  console.log("");
}

async function judgeRight() {
  const styles = precision === "float16" ? await halfStyles() : await float32Styles();
  const only = flags.only?.split(",");
  let refused = 0;
  for (const { style, make, kinds } of styles.filter(({ style }) => only?.includes(style) ?? true)) {
    for (const kind of kinds) {
      // counting is cubic
      const settings = style === "counting" ? { maxPixels: 60 } : {};
      const start = performance.now();
      const { laws } = await checkLoss(make(kind), { kind, runs, seed, precision, ...settings });
      const broken = laws.filter(({ ok }) => !ok);
      if (broken.length > 0) refused += 1;
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      console.log(
        `${broken.length === 0 ? "ok" : "REFUSED"}  ${style}, ${kind}: ${runs} runs of each of ${laws.length} laws in ${seconds} s`,
      );
      for (const { law, message, counterexample } of broken) console.log(`\n${law}: ${message}\n\n${counterexample}\n`);
    }
  }
  console.log(`${refused} refused, --seed ${seed}`);
  return refused === 0 ? 0 : 1;
}

async function halfStyles() {
  const { RIGHT_HALF } = await load("/test/fuzz/rightHalf.ts");
  return Object.entries(RIGHT_HALF).map(([style, make]) => ({ style, make, kinds: KINDS }));
}

async function float32Styles() {
  const { RIGHT } = await load("/test/fuzz/right.ts");
  const { RIGHT_SCORES } = await load("/test/fuzz/rightScores.ts");
  const { RIGHT_LOGITS } = await load("/test/fuzz/rightLogits.ts");
  return [
    ...Object.entries({ ...RIGHT, ...(await trainers()) }).map(([style, make]) => ({
      style,
      make,
      kinds: ["hinge", "softmax", "sigmoid"],
    })),
    ...Object.entries(RIGHT_SCORES).map(([style, make]) => ({ style, make, kinds: ["dice", "jaccard", "tversky"] })),
    ...Object.entries(RIGHT_LOGITS).map(([style, make]) => ({ style, make, kinds: ["softmax-logits"] })),
  ];
}

/** The losses in operators of other trainers. */
async function trainers() {
  const [tf, jax] = [await import("@tensorflow/tfjs"), await import("@jax-js/jax")];
  await import("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend("wasm");
  await jax.init("wasm", "cpu");
  jax.defaultDevice("wasm");
  const { tensorflow, jaxJs } = await load("/test/fuzz/trainers.ts");
  return { tensorflow, jaxJs };
}

// npm run fuzz [-- --minutes N] [--seed N] [--runs N]: the laws, those beyond every right loss's too, on the losses of this package, on
// every device, with new seeds for N minutes; ends at the first law broken, with its seed and counterexample.
// npm run fuzz -- --mutants [--seed N] [--runs N]: which law catches which broken loss of mutants.ts; fails where none does.
import { parseArgs } from "node:util";
import Table from "cli-table3";
import * as lovasz from "lovasz";
import { checkLoss } from "lovasz/fuzz";
import { runnerImport } from "vite";
import { embed } from "../../rollup.config.mjs";

const { values: flags } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    runs: { type: "string", default: "200" },
    mutants: { type: "boolean", default: false },
  },
});
const [minutes, seed, runs] = [flags.minutes, flags.seed, flags.runs].map(Number);
if (![minutes, seed, runs].every((number) => number >= 0)) {
  console.error("pass --minutes, --seed and --runs as numbers of at least 0");
  process.exit(2);
}
process.exitCode = flags.mutants ? await judgeMutants() : await judgeOurselves();

/** What losses are computed on: anything with `name` and `valueAndGrad` as in src/device/device.ts. */
async function devices() {
  const main = { name: "main entry", valueAndGrad: async (loss, ...given) => lovasz.valueAndGrad(loss)(...given), close: async () => {} };
  if (!lovasz.openDevice) return [main];
  const opened = await Promise.all(["wasm", "threads", "gpu"].map((name) => lovasz.openDevice(name).catch(() => null)));
  return [main, ...opened.filter((device) => device !== null)];
}

function subjects(device) {
  const on = (loss, more) => (values, labels, options) => device.valueAndGrad(loss, values, labels, { ...options, ...more });
  return [
    { kind: "hinge", loss: on(lovasz.lovaszHinge) },
    { kind: "softmax", loss: on(lovasz.lovaszSoftmax, { fromLogits: false }) },
    { kind: "sigmoid", loss: on(lovasz.lovaszSigmoid) },
  ];
}

async function judgeOurselves() {
  const opened = await devices();
  const end = Date.now() + 60_000 * minutes;
  const also = ["sharesTies", "takesAnyRank", "takesClassLists"];
  let [rounds, cases] = [0, 0];
  try {
    do {
      for (const device of opened) {
        for (const { kind, loss } of subjects(device)) {
          const options = { kind, runs, also, seed: (seed + rounds) % 2 ** 31 };
          const result = await checkLoss(loss, options);
          cases += result.laws.reduce((sum, law) => sum + law.runs, 0);
          if (result.ok) continue;
          console.log(`lovasz ${kind} on ${device.name} breaks laws at --seed ${result.seed} --runs ${runs}`);
          for (const { law, message, counterexample } of result.laws) if (message) console.log(`\n${law}: ${message}\n\n${counterexample}`);
          return 1;
        }
      }
      rounds += 1;
    } while (Date.now() < end);
  } finally {
    for (const device of opened) await device.close();
  }
  console.log(`${opened.map(({ name }) => name).join(", ")}: no law broken in ${cases} cases of ${rounds} rounds, from --seed ${seed} on`);
  return 0;
}

async function judgeMutants() {
  const settings = { plugins: [embed()], logLevel: "error", root: process.cwd() };
  const load = async (path) => (await runnerImport(path, settings)).module;
  const { MUTANTS } = await load("/test/fuzz/mutants.ts");
  const { checkLaw } = await load("/src/fuzz/checkLoss.ts");
  const { lawsOf } = await load("/src/fuzz/laws/index.ts");
  const table = new Table({
    head: ["kind", "mutant", "laws that it breaks, with the run of the first case"],
    style: { head: [], border: [] },
    wordWrap: true,
  });
  const survivors = [];
  for (const { name, kind, loss } of MUTANTS) {
    const broken = [];
    for (const law of lawsOf(kind)) {
      // the first counterexample will do: shrinking takes longer than all else
      const result = await checkLaw(loss(), law, kind, { runs, seed, shrink: false });
      if (!result.ok) broken.push(`${law} ${result.runs}`);
    }
    if (broken.length === 0) survivors.push(`${kind}: ${name}`);
    table.push([kind, name, broken.join(", ") || "NONE"]);
  }
  console.log(`${table}`);
  const count = MUTANTS.length;
  console.log(`${count - survivors.length} of ${count} mutants caught in ${runs} runs of each law, --seed ${seed}`);
  return survivors.length === 0 ? 0 : 1;
}

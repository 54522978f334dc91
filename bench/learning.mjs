// Does the loss help? Trains with each loss on each data set over several seeds, by the command itself with its defaults, and compares the scores
// on pictures that were used neither for training nor for choosing the epoch. It takes hours: every unit of work is kept, and the same call
// continues. Seeds 0 to 4 are for whoever chooses the defaults, so the evidence is that of others.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { learn } from "./learning/learn.mjs";
import { lossesOf, recommended } from "./learning/losses.mjs";
import { differenceRows, measure, summaryRows } from "./learning/measures.mjs";
import { plot } from "./learning/plot.mjs";
import { recipeOf } from "./learning/recipe.mjs";
import { Results } from "./learning/results.mjs";
import { SETS } from "./learning/sets.mjs";
import { runUnit } from "./learning/unit.mjs";
import { dist } from "./peers/baseline.mjs";
import { installed } from "./peers/installed.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** `--only`: data sets, `--seeds`, joined by commas; `--jobs`: units at a time; `--plot`: draw what is known, and train nothing. */
export const options = {
  only: { type: "string" },
  seeds: { type: "string", default: "5,6,7,8,9" },
  jobs: { type: "string", default: "1" },
  plot: { type: "boolean", default: false },
  // not below build/ or dist/, which every build empties
  results: { type: "string", default: here("../runs/learning") },
};

/** The tables of the data sets: [name, table], two for each set. */
export async function tables({ only, seeds, jobs, plot: drawing, results: folder }) {
  const asked = chosenSets(only);
  if (asked.length === 0) return [];
  const numbers = list("seeds", seeds, 0);
  const [atOnce] = list("jobs", jobs, 1);
  // at exit, what trains is killed and its folders are removed
  for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) process.once(signal, () => process.exit(code));
  // a build of its own: npm run bench of another terminal empties dist/
  const copy = installed(dist);
  const command = [process.execPath, join(copy, "dist", "cli.js")];
  const results = new Results(folder, await recipeOf(join(copy, "dist"), command, folder));
  const units = await unitsOf(asked, numbers, join(copy, "data"));
  if (!drawing) {
    const run = async ({ set, seed, fold }, signal) => {
      const { classes, args, folds } = SETS[set];
      const parts = (await folds(seed, join(copy, "data")))[fold];
      return { losses: await runUnit({ command, classes, args, losses: lossesOf(classes), parts, seed, signal }) };
    };
    await learn(units, { results, run, jobs: atOnce });
  }
  const found = asked.map((set) => ({ set, ...scoresOf(set, units, results) }));
  if (drawing) await draw(found);
  return found.flatMap((one) => tablesOf(one, results.about()));
}

function chosenSets(only) {
  const names = only === undefined ? Object.keys(SETS) : only.split(",");
  for (const name of names) if (!SETS[name]) wrong(`--only: there is no data set ${name}; there are ${Object.keys(SETS).join(", ")}`);
  return names.filter((name) => {
    const missing = SETS[name].missing();
    if (missing) console.error(`${name} is left out: ${missing}`);
    return !missing;
  });
}

function list(option, text, least) {
  const numbers = text.split(",").map(Number);
  if (numbers.every((number) => Number.isInteger(number) && number >= least) && text !== "") return numbers;
  return wrong(`--${option} is ${text}, expected whole numbers of at least ${least}, joined by commas`);
}

function wrong(message) {
  console.error(message);
  process.exit(2);
}

// seed by seed, so that what there is after an hour says something of every set
async function unitsOf(sets, seeds, cache) {
  const units = [];
  for (const seed of seeds) {
    for (const set of sets) {
      const folds = await SETS[set].folds(seed, cache);
      units.push(...folds.map((_, fold) => ({ set, seed, fold })));
    }
  }
  return units;
}

// by loss, the measures of each seed whose folds are all known
function scoresOf(set, units, results) {
  const { classes } = SETS[set];
  const own = units.filter((unit) => unit.set === set);
  const known = [...new Set(own.map(({ seed }) => seed))].map((seed) => {
    return { seed, folds: own.filter((unit) => unit.seed === seed).map((unit) => results.read(unit)) };
  });
  const complete = known.filter(({ folds }) => folds.every((one) => one !== null));
  const of = (loss) => complete.map(({ folds }) => measure(folds.map(({ losses }) => losses.find((one) => one.loss === loss)), classes)); // biome-ignore format: one line
  return { seeds: complete.map(({ seed }) => seed), scores: Object.fromEntries(lossesOf(classes).map((loss) => [loss, of(loss)])) };
}

function tablesOf({ set, seeds, scores }, where) {
  const chosen = recommended(SETS[set].classes);
  const about = () => [`per cent: mean ± standard deviation over ${seeds.length} seeds (${seeds.join(", ")}), and the worst seed`, where];
  const against = () => [`points, with a 95 % bootstrap interval of the paired differences over ${seeds.length} seeds`];
  const rows = (make) => async function* () { if (seeds.length > 0) yield* make(); }; // biome-ignore format: one line
  return [
    [`learning ${set}`, { title: SETS[set].about, about, run: rows(() => summaryRows(scores)) }],
    [
      `learning ${set} against`,
      { title: `${set}: how far ${chosen} is ahead of`, about: against, run: rows(() => differenceRows(scores, chosen)) },
    ],
  ];
}

async function draw(found) {
  const shown = found.filter(({ seeds }) => seeds.length > 0);
  if (shown.length === 0) return wrong("--plot: no seed of any set is complete; leave --plot out to train");
  const file = here("../docs/learning.svg");
  const panels = shown.map(({ set, scores }) => ({ title: set, chosen: recommended(SETS[set].classes), scores }));
  writeFileSync(file, await plot(panels));
  console.error(`wrote ${file}`);
}

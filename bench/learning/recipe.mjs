// What tells one recipe of `lovasz train` from another: the models themselves. Two builds have the same recipe if they train the same models,
// to the byte, on a few pictures made up here; so a change of the report or of words leaves results as they are, and one of any default,
// loss or kernel begins anew.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { uniform } from "../random.mjs";
import { lossesOf, recommended } from "./losses.mjs";
import { call } from "./unit.mjs";

// 256 as in the sets, for what happens in large pictures only; the losses share that
const TRAININGS = [null, 3].flatMap((classes) => [
  { classes, extent: 64, losses: lossesOf(classes) },
  { classes, extent: 256, losses: [recommended(classes)] },
]);

/** The recipe's hash: known for this `dist` from an earlier call, or else found by a few small trainings. `folder` keeps what is known. */
export async function recipeOf(dist, command, folder, trainings = TRAININGS) {
  const build = hashOf(readdirSync(dist, { recursive: true }).filter((file) => file.endsWith(".js")).sort().map((file) => readFileSync(join(dist, file)))); // biome-ignore format: one line
  const file = join(folder, "recipes.json");
  const known = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  if (known[build]) return known[build];
  console.error("training on pictures made up, to tell whether earlier results are of the same recipe");
  const parts = [];
  for (const training of trainings) parts.push(...(await modelsOf(training, command)));
  const recipe = hashOf(parts);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...known, [build]: recipe }, null, 2)}\n`);
  return recipe;
}

const hashOf = (parts) =>
  parts
    .reduce((hash, part) => hash.update(part), createHash("sha256"))
    .digest("hex")
    .slice(0, 12);

// the model files of a small training, and what eval says of them
async function modelsOf({ classes, extent, losses, args = [] }, command) {
  const folder = mkdtempSync(join(tmpdir(), "lovasz-recipe-"));
  try {
    const [data, val, run] = ["data", "val", "run"].map((part) => join(folder, part));
    draw(data, 2, extent, classes, 1);
    draw(val, 1, extent, classes, 2);
    const task = classes === null ? [] : ["--classes", String(classes)];
    await call(command, ["train", "--data", data, "--val", val, ...task, ...args, "--loss", losses.join(","), "--out", run, "--quiet", "--threads", "1"]); // biome-ignore format: one line
    const found = [];
    for (const loss of losses) {
      const model = join(run, `${loss.replaceAll("*", "x")}.safetensors`);
      found.push(readFileSync(model), await call(command, ["eval", "--model", model, "--data", val, "--json", "--threads", "1"]));
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// noisy discs, with a rim where there are classes
function draw(folder, count, extent, classes, seed) {
  const next = uniform(seed);
  const masks = classes === null ? "masks" : "classes";
  for (const part of ["images", masks]) mkdirSync(join(folder, part), { recursive: true });
  for (let i = 0; i < count; i++) {
    const [x, y, r] = [next(), next(), 0.2 + 0.2 * next()].map((share) => share * extent);
    const inside = (at) => r - Math.hypot((at % extent) - x, Math.floor(at / extent) - y);
    const pixels = { width: extent, height: extent, channels: 1 };
    const image = Uint8Array.from({ length: extent * extent }, (_, at) => (inside(at) > 0 ? 120 : 60) + 100 * next());
    const truth = image.map((_, at) => (inside(at) <= 0 ? 0 : classes === null ? 255 : inside(at) < 3 ? 2 : 1));
    writeFileSync(join(folder, "images", `${i}.png`), encode({ ...pixels, data: image }));
    writeFileSync(join(folder, masks, `${i}.png`), encode({ ...pixels, data: truth }));
  }
}

import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../cli/helpers/files.js";

const built = existsSync(new URL("../../../build/losses.js", import.meta.url));
if (!built) console.warn("skipped: build/losses.js is missing; npm run build makes it");
const { recipeOf } = built
  ? await import("../../../bench/learning/recipe.mjs")
  : ({} as typeof import("../../../bench/learning/recipe.mjs"));

const root = temporaryFolder();
const calls = join(root, "calls");

/** A build: its files, and a command that "trains" models which hold `model` and the bytes of the pictures. */
function build(name: string, words: string, model: string) {
  const dist = join(root, name);
  mkdirSync(join(dist, "cli"), { recursive: true });
  writeFileSync(join(dist, "cli", "words.js"), words);
  const program = join(dist, "fake.mjs");
  writeFileSync(
    program,
    `import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
    const [command, ...args] = process.argv.slice(2);
    const of = (option) => args[args.indexOf(option) + 1];
    appendFileSync(${JSON.stringify(calls)}, command + " ");
    if (command === "train") {
      mkdirSync(of("--out"));
      const seen = readdirSync(of("--data") + "/images").map((file) => readFileSync(of("--data") + "/images/" + file, "base64"));
      for (const loss of of("--loss").split(",")) writeFileSync(of("--out") + "/" + loss.replaceAll("*", "x") + ".safetensors", ${JSON.stringify(model)} + loss + seen);
    } else process.stdout.write("{}");`,
  );
  return { dist, command: [process.execPath, program] };
}

describe.skipIf(!built)("recipeOf(dist, command, folder, trainings)", () => {
  const trainings = [{ classes: null, extent: 16, losses: ["bce", "0.5*bce+dice"] }, { classes: 3, extent: 16, losses: ["ce"] }]; // biome-ignore format: one line
  const recipe = ({ dist, command }: ReturnType<typeof build>) => recipeOf(dist, command, join(root, "results"), trainings);
  const called = () => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split(" ").length : 0);

  test("is the same for builds that train the same models, and another for others", async () => {
    const first = await recipe(build("first", "one", "model"));
    expect(called()).toBe(2 + 3);
    expect(first).toMatch(/^[0-9a-f]{12}$/);
    expect(await recipe(build("reworded", "two", "model"))).toBe(first);
    expect(await recipe(build("retuned", "three", "better model"))).not.toBe(first);
  });

  test("trains nothing for a build that it knows", async () => {
    const known = build("known", "four", "model");
    const found = await recipe(known);
    const before = called();
    cpSync(known.dist, join(root, "elsewhere"), { recursive: true });
    expect(await recipe({ ...known, dist: join(root, "elsewhere") })).toBe(found);
    expect(called()).toBe(before);
    appendFileSync(join(root, "elsewhere", "cli", "words.js"), "!");
    await recipe({ ...known, dist: join(root, "elsewhere") });
    expect(called()).toBe(before + 5);
  });
});

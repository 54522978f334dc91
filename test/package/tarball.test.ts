// What `npm pack` makes, as an empty project sees it.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import { encode } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import { rollup } from "rollup";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { slashed } from "../cli/helpers/files.js";
import { TIFFS } from "../cli/helpers/tiffs.js";
import { snippetsOf } from "../docs/snippets.js";
import { openStranger } from "./stranger.js";

const stranger = await openStranger();
afterAll(() => stranger.remove());

const tsc = createRequire(import.meta.url).resolve("typescript/lib/tsc.js");
const manifest = JSON.parse(readFileSync(join(stranger.folder, "node_modules/lovasz/package.json"), "utf8"));
const entries = Object.keys(manifest.exports).filter((entry) => entry !== "./package.json");

test("has no script that runs at installation", () => {
  for (const script of ["preinstall", "install", "postinstall", "prepare"]) expect(manifest.scripts).not.toHaveProperty(script);
});

test("is one package, which brings the licences of all that is bundled into it", async () => {
  expect(readdirSync(join(stranger.folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["lovasz"]);
  const licences = readFileSync(join(stranger.folder, "node_modules/lovasz/dist/licences.txt"), "utf8");
  for (const name of [
    "@noble/hashes",
    "commander",
    "cli-table3",
    "cli-progress",
    "fast-png",
    "fflate",
    "geotiff",
    "gpu.js",
    "pako",
    "uplot",
    "Independent JPEG Group",
  ])
    expect(licences).toContain(name);
});

test("brings no native code", () => {
  const files = readdirSync(join(stranger.folder, "node_modules"), { recursive: true, encoding: "utf8" });
  expect(files.filter((file) => /\.node$|\bbinding\.gyp$/.test(file))).toEqual([]);
});

test("its main entry imports nothing, and weighs less than 180 KB compressed", async () => {
  stranger.write("main.js", 'export * from "lovasz";');
  const outside: string[] = [];
  const bundle = await rollup({
    input: join(stranger.folder, "main.js"),
    plugins: [nodeResolve()],
    external: (id) => id.startsWith("node:"),
    onLog: (_, { code, exporter }) => code === "UNRESOLVED_IMPORT" && outside.push(String(exporter)),
  });
  const { output } = await bundle.generate({ format: "esm", dir: "out" });
  expect(outside).toEqual([]);
  const chunks = output.filter((file) => file.type === "chunk");
  const loaded = new Set<string>();
  const load = (name: string) => {
    if (loaded.has(name)) return;
    loaded.add(name);
    chunks.find(({ fileName }) => fileName === name)?.imports.forEach(load);
  };
  load("main.js");
  const text = chunks.filter(({ fileName }) => loaded.has(fileName)).map(({ code }) => code);
  expect([...loaded].filter((name) => name.startsWith("node:"))).toEqual([]);
  const size = gzipSync(text.join("\n")).length;
  console.info(`main entry: ${(size / 1024).toFixed(1)} KB compressed`);
  expect(size).toBeLessThan(180 * 1024);
});

test("README states the size of each entry, minified and compressed, to a kilobyte", async () => {
  const stated = [...readFileSync("README.md", "utf8").matchAll(/^\| `(lovasz\S*)` \| (\d+) \|/gm)].map(([, entry, size]) => [
    entry,
    Number(size),
  ]);
  expect(stated.map(([entry]) => entry).sort()).toEqual(entries.map((entry) => entry.replace(".", "lovasz")).sort());
  const sizes = Object.fromEntries(await Promise.all(stated.map(async ([entry]) => [entry, await sizeOf(String(entry))])));
  console.info("kB gzipped:", sizes);
  for (const [entry, size] of stated) expect(Math.abs(sizes[entry] - Number(size)), `${entry}: ${sizes[entry]}`).toBeLessThanOrEqual(1);
});

/** What a page loads that imports all of `entry`, in kilobytes; what that loads only when asked for lies in other files. */
async function sizeOf(entry: string): Promise<number> {
  const { outputFiles, metafile } = await esbuild({
    stdin: { contents: `export * from "${entry}"`, resolveDir: stranger.folder },
    ...{ bundle: true, minify: true, splitting: true, format: "esm", platform: "browser", outdir: "out", write: false, metafile: true },
    external: ["node:*", ...Object.keys(manifest.peerDependencies)],
    absWorkingDir: stranger.folder,
  });
  const loaded = new Set<string>();
  const load = (path: string) => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind, external } of metafile.outputs[path].imports) if (kind === "import-statement" && !external) load(next);
  };
  load("out/stdin.js");
  const bytes = [...loaded].map((path) => gzipSync(outputFiles.find((file) => slashed(file.path).endsWith(path))!.contents).length);
  return Math.round(bytes.reduce((sum, size) => sum + size) / 1000);
}

test.each(["model", "sketch"])("lovasz/%s imports nothing of Node, and nothing of the command or of devices", async (entry) => {
  stranger.write(`${entry}.js`, `export * from "lovasz/${entry}";`);
  const outside: string[] = [];
  const bundle = await rollup({
    input: join(stranger.folder, `${entry}.js`),
    plugins: [nodeResolve()],
    onLog: (_, { code, exporter }) => code === "UNRESOLVED_IMPORT" && outside.push(String(exporter)),
  });
  expect(outside).toEqual([]);
  const files = bundle.watchFiles.filter((file) => file.includes("dist")).map((file) => file.split(/dist[\\/]/)[1]);
  expect(files.filter((file) => /cli|device|gpu|threads|openDevice/i.test(file))).toEqual([]);
});

test("names its files by what they hold, and has none for the examples of the checkout", () => {
  const files = readdirSync(join(stranger.folder, "node_modules/lovasz/dist"), { recursive: true, encoding: "utf8" });
  const packages = ["cli-progress", "cli-table3", "commander", "fast-png", "geotiff", "libjpeg"].map((name) => join("cli", `${name}.js`));
  // a bundler's own names: of placeholders, of the second chunk of a name, with a hash
  const isOdd = (file: string) => /_|\d\.|-[\w-]{8}\.|example|unused|dist/.test(file) && !packages.includes(file);
  expect(files.filter(isOdd).filter((file) => !/^(js-pytorch|gpu-library|commonjs-helpers)\b/.test(file))).toEqual([]);
});

test("answers to import", async () => {
  stranger.write("imported.mjs", `import * as lovasz from "lovasz"; ${CALL}`);
  expect(await stranger.run("node", "imported.mjs")).toBe("function 5\n");
});

const CALL = "console.log(typeof lovasz.lovaszHinge, lovasz.tensor([1, 2]).add(1).sum().item())";

const canRequire = process.features.require_module;
if (!canRequire) console.warn("skipped: this Node cannot require ES modules; 20.19, 22.12 and later can");

test.skipIf(!canRequire)("answers to require", async () => {
  stranger.write("required.cjs", `const lovasz = require("lovasz"); ${CALL}`);
  expect(await stranger.run("node", "required.cjs")).toBe("function 5\n");
  const [{ code, output }] = snippetsOf("docs/howto/setups.md");
  stranger.write("shown.cjs", code);
  expect(await stranger.run("node", "shown.cjs")).toBe(output);
});

test.skipIf(!canRequire).each(entries)("require gives of %s what import gives", async (entry) => {
  const name = entry.replace(".", "lovasz");
  if (name === "lovasz/fuzz")
    await stranger.run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--no-save", "fast-check@4");
  stranger.write(
    "both.cjs",
    `const names = (module) => Object.keys(module).sort().join();
import("${name}").then((imported) => console.log(names(require("${name}")) === names(imported), names(imported).length > 0));`,
  );
  stranger.write("required.cjs", `console.log(Object.keys(require("${name}")).length > 0);`);
  expect(await stranger.run("node", "required.cjs")).toBe("true\n");
  expect(await stranger.run("node", "both.cjs")).toBe("true true\n");
  if (name === "lovasz/fuzz") rmSync(join(stranger.folder, "node_modules/fast-check"), { recursive: true });
});

test("the command runs, and says what is missing", async () => {
  expect(await stranger.run("npx", "lovasz", "--version")).toBe(`${manifest.version}\n`);
  await expect(stranger.run("npx", "lovasz", "train", "--data", "nowhere")).rejects.toMatchObject({
    code: 1,
    stderr: "lovasz: nowhere/images does not exist; nowhere needs images/ and masks/ with files of the same names\n",
  });
});

test("the command reads every kind of file, as it is bundled", async () => {
  const write = (name: string, bytes: Uint8Array) => {
    mkdirSync(join(stranger.folder, "data", name, ".."), { recursive: true });
    writeFileSync(join(stranger.folder, "data", name), bytes);
  };
  const grey = (value: (i: number) => number) => encode({ width: 9, height: 7, channels: 1, data: Uint8Array.from({ length: 63 }, (_, i) => value(i)) }); // biome-ignore format: one line
  const jpeg = encodeJpeg({ width: 9, height: 7, data: Buffer.alloc(4 * 63, 90) }, 90).data;
  const tiffs = ["grey", "lzw", "deflate", "deflatePredictor", "packBits", "tiledColour", "grey16BigEndian"] as const;
  const sizes: Record<string, [number, number]> = { lzw: [40, 40], packBits: [40, 3], tiledColour: [20, 18] };
  for (const name of tiffs) {
    const [width, height] = sizes[name] ?? [9, 7];
    write(`images/${name}.tif`, TIFFS[name]);
    write(`masks/${name}.png`, encode({ width, height, channels: 1, data: new Uint8Array(width * height) }));
  }
  write("images/jpeg.jpg", jpeg);
  write(
    "masks/jpeg.png",
    grey((i) => (i < 4 ? 255 : 0)),
  );
  const { pictures } = JSON.parse(await stranger.run("npx", "lovasz", "inspect", "--data", "data", "--json"));
  expect(pictures).toHaveLength(8);
  expect(pictures.find(({ name }: { name: string }) => name === "jpeg")).toMatchObject({ width: 9, height: 7, foreground: 4 });
});

test("the entries that need something else say what is missing", async () => {
  const failure = (entry: string) =>
    stranger.run("node", "--input-type=module", "--eval", `await import("lovasz/${entry}").catch(({ message }) => console.log(message))`);
  expect(await failure("fuzz")).toMatch(/Cannot find package 'fast-check'/);
  for (const entry of ["sketch", "model", "tfjs", "jax", "js-pytorch"]) expect(await failure(entry)).toBe("");
});

test("is well-formed, as publint and attw see it", async () => {
  const tool = (name: string) => fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));
  await stranger.run(tool("publint"), stranger.tarball, "--strict");
  await stranger.run(tool("attw"), stranger.tarball, "--profile", "esm-only");
});

// one program each, since most of the time goes to what every program loads
describe("types", () => {
  const compile = (...options: string[]) => {
    const strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--target", "es2022"];
    return stranger.run(process.execPath, tsc, ...strict, ...options);
  };

  beforeAll(async () => {
    await stranger.run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "fast-check@4");
    const imports = entries.map((entry, i) => `import * as entry${i} from "${entry.replace(".", "lovasz")}"; export { entry${i} };`);
    const program = `import { tensor } from "lovasz";
export const sum: number = tensor([1, 2]).add(1).sum(0).item();
// @ts-expect-error: no operator takes text
tensor([1, 2]).add("1");`;
    stranger.write("types.ts", [...imports, program].join("\n"));
  });

  test("are enough for Node without types of Node or the DOM, in ES modules and CommonJS; docs/howto/setups.md", async () => {
    const [{ code, output }] = snippetsOf("docs/howto/setups.md", "ts");
    stranger.write("program.ts", code);
    stranger.write("common.cts", `import * as lovasz from "lovasz"; ${CALL}`);
    // what the program prints with
    stranger.write("console.d.ts", "declare const console: { log(...all: unknown[]): void };");
    const options = ["--lib", "es2022", "--module", "nodenext", "--outDir", "compiled"];
    expect(await compile(...options, "console.d.ts", "types.ts", "program.ts", "common.cts")).toBe("");
    expect(await stranger.run("node", "compiled/program.js")).toBe(output);
    if (canRequire) expect(await stranger.run("node", "compiled/common.cjs")).toBe("function 5\n");
  });

  test("fit those of the DOM, for bundlers", async () => {
    stranger.write("inPage.ts", IN_PAGE);
    const options = ["--lib", "es2022,dom", "--module", "esnext", "--moduleResolution", "bundler", "--noEmit"];
    expect(await compile(...options, "types.ts", "inPage.ts")).toBe("");
  });
});

const IN_PAGE = `import { openDevice } from "lovasz";
import { loadNetwork, predict, toImageData } from "lovasz/model";

export async function show(file: File, picture: ImageData, context: CanvasRenderingContext2D, signal: AbortSignal): Promise<void> {
  const prediction = await predict(loadNetwork(await file.arrayBuffer()), picture, { signal });
  context.drawImage(await createImageBitmap(toImageData(prediction)), 0, 0);
  context.putImageData(toImageData(prediction), 0, 0);
  await openDevice("threads", { worker: new URL("worker.js", import.meta.url) });
}`;

test("loses nothing to bundlers that drop what has no side effects", async () => {
  stranger.write("shaken.js", 'import { tensor } from "lovasz"; console.log(tensor([1, 2]).mul(3).sum().item());');
  const bundle = await rollup({
    input: join(stranger.folder, "shaken.js"),
    plugins: [nodeResolve()],
    external: (id) => id.startsWith("node:"),
  });
  const { output } = await bundle.generate({ format: "esm" });
  stranger.write("shaken-out.mjs", output[0].code);
  expect(await stranger.run("node", "shaken-out.mjs")).toBe("9\n");
});

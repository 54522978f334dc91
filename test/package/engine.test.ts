// What an engine says that cannot run the core: one sentence, from every entry that loads it, and from the command one line.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const dist = new URL("../../dist/", import.meta.url);
const built = existsSync(new URL("index.js", dist));
if (!built) console.warn("skipped: dist/index.js is missing; npm run build makes it");

const JITLESS = /^lovasz needs WebAssembly, which this JavaScript engine lacks or has switched off; run it without --jitless/;
const NO_SIMD = /^lovasz needs WebAssembly, with its 128-bit SIMD instructions, which this JavaScript engine lacks/;
// processors of other kinds have always had what SSE 4.1 is to x64
const engines: [flag: string, message: RegExp][] =
  process.arch === "x64"
    ? [
        ["--jitless", JITLESS],
        ["--no-enable-sse4-1", NO_SIMD],
      ]
    : [["--jitless", JITLESS]];

test
  .skipIf(!built)
  .each(
    engines.flatMap(([flag, message]) =>
      ["index", "sketch", "model", "tfjs", "jax", "js-pytorch"].map((entry) => ({ flag, entry, message })),
    ),
  )("node $flag: $entry fails with one sentence", ({ flag, entry, message }) => {
  const script = `import(${JSON.stringify(new URL(`${entry}.js`, dist).href)}).catch(({ name, code, message }) => console.log(JSON.stringify([name, code, message])))`;
  const { stdout } = spawnSync(process.execPath, [flag, "-e", script], { encoding: "utf8" });
  expect(JSON.parse(stdout)).toEqual(["LovaszError", "device", expect.stringMatching(message)]);
});

test.skipIf(!built).each(engines)("node %s: the command says so in one line", (flag, message) => {
  const program = fileURLToPath(new URL("cli.js", dist));
  const { stdout, stderr, status } = spawnSync(process.execPath, [flag, program, "train", "--example"], { encoding: "utf8" });
  // Node itself warns of --jitless
  const lines = stderr.split("\n").filter((line) => line && !line.startsWith("Warning: disabling flag"));
  expect(lines).toEqual([expect.stringMatching(new RegExp(message.source.replace("^", "^lovasz: ")))]);
  expect([stdout, status]).toEqual(["", 1]);
});

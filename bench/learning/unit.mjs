// A unit of the work: one set, seed and fold. All losses train in one call of the command, so they share network, optimiser, schedule,
// augmentation and budget; then `eval` scores each on pictures that neither trained nor chose the epoch.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";

/** What eval --json tells of each loss of a unit, in a list. `command`: program and arguments that stand for `lovasz`. */
export async function runUnit({ command, classes, args, losses, parts, seed, signal }) {
  const folder = mkdtempSync(join(tmpdir(), "lovasz-learning-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    for (const [part, pictures] of Object.entries(parts)) copy(pictures, join(folder, part), classes === null ? "masks" : "classes");
    const [train, val, test, run] = ["train", "val", "test", "run"].map((part) => join(folder, part));
    const settings = [...args, "--seed", String(seed), "--loss", losses.join(",")];
    await call(command, ["train", "--data", train, "--val", val, ...settings, "--out", run, "--quiet", "--threads", "1"], signal);
    const scores = [];
    for (const loss of losses) {
      const model = join(run, `${loss.replaceAll("*", "x")}.safetensors`);
      const out = await call(command, ["eval", "--model", model, "--data", test, "--json", "--threads", "1"], signal);
      const { confusion, boundaries, imageIoUs } = JSON.parse(out);
      scores.push({ loss, confusion, boundaries, imageIoUs });
    }
    return scores;
  } finally {
    process.off("exit", remove);
    remove();
  }
}

function copy(pictures, folder, masks) {
  for (const part of ["images", masks]) mkdirSync(join(folder, part), { recursive: true });
  for (const { name, image, truth } of pictures) {
    copyFileSync(image, join(folder, "images", `${name}${extname(image)}`));
    copyFileSync(truth, join(folder, masks, `${name}${extname(truth)}`));
  }
}

/** What a call of the command prints. Rejects with the end of its standard error, unless it ends with 0; killed when `signal` aborts. */
export async function call([program, ...first], args, signal) {
  const child = spawn(program, [...first, ...args], { stdio: ["ignore", "pipe", "pipe"], signal, killSignal: "SIGKILL" });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const [out, err] = [[], []];
  child.stdout.on("data", (chunk) => out.push(chunk));
  child.stderr.on("data", (chunk) => err.push(chunk));
  const [code] = await once(child, "close").finally(() => process.off("exit", kill));
  if (code === 0) return Buffer.concat(out).toString();
  throw new Error(`lovasz ${args.join(" ")} ended with ${code}: ${Buffer.concat(err).toString().trim().slice(-2000)}`);
}

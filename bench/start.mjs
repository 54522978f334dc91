// How long `npm start` takes after its build, by turns with an earlier build.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aboutBaseline, baseline, dist } from "./peers/baseline.mjs";
import { inTurns, median, ratio } from "./timing.mjs";

const [EPOCHS, ALL] = [15, 60];

export const title = `lovasz train --example, ${EPOCHS} epochs of the ${ALL} of npm start; ratio: our time by that of the earlier build in the same turn`;
export const about = () => [aboutBaseline()];

/** Rows: which build, its time, the ratio, and the validation IoU after the last epoch, of each loss. */
export async function* run() {
  const builds = { lovasz: training(dist), before: baseline && training(baseline) };
  const times = await inTurns(builds, { rounds: 3, warm: 0 });
  for (const [who, own] of Object.entries(times)) {
    const row = { who, time: `${(median(own) / 1000).toFixed(1)} s`, IoU: builds[who].iou };
    yield who === "lovasz" && times.before ? { ...row, "by before": ratio(own, times.before) } : row;
  }
}

// an entry that trains in a folder of its own
function training(folder) {
  const entry = async () => {
    const cwd = mkdtempSync(join(tmpdir(), "lovasz-bench-"));
    const args = ["train", "--example", "--quiet", "--epochs", String(EPOCHS), "--out", "run"];
    const child = spawn(process.execPath, [join(folder, "cli.js"), ...args], { cwd, stdio: "ignore" });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`${folder}cli.js ${args.join(" ")} ended with code ${code}`);
    const { losses } = JSON.parse(readFileSync(join(cwd, "run/metrics.json"), "utf8"));
    entry.iou = losses.map(({ loss, epochs }) => `${loss} ${(100 * epochs.at(-1).iou).toFixed(1)} %`).join(", ");
    rmSync(cwd, { recursive: true });
  };
  return entry;
}

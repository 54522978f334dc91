// How long `npm start` takes after its build, by turns with an earlier build.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { aboutBaseline, baseline, dist } from "./peers/baseline.mjs";
import { installed } from "./peers/installed.mjs";
import { inTurns, median, ratio } from "./timing.mjs";

export const title = "npm start after its build: lovasz train --example; ratio: our time by that of the earlier build in the same turn";
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

// an entry that trains by a copy of `dist`
function training(dist) {
  const folder = installed(dist);
  const args = ["dist/cli.js", "train", "--example", "--quiet", "--out", "run"];
  const entry = async () => {
    rmSync(join(folder, "run"), { recursive: true, force: true });
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`${args.join(" ")} by ${dist} ended with code ${code}`);
    const { losses } = JSON.parse(readFileSync(join(folder, "run/metrics.json"), "utf8"));
    entry.iou = losses.map(({ loss, epochs }) => `${loss} ${(100 * epochs.at(-1).iou).toFixed(1)} %`).join(", ");
  };
  return entry;
}

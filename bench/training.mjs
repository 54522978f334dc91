// A training step and inference of whole networks: beside PyTorch in processes of their own, and beside other trainers in Chromium.
import * as lovasz from "../dist/index.js";
import { aboutBaseline, baseline, dist } from "./peers/baseline.mjs";
import { aboutTorch, lovaszTraining, torchTraining } from "./peers/peer.mjs";
import { taskLine } from "./peers/task.mjs";
import { inTurns, median, milliseconds, ratio } from "./timing.mjs";

export const title = "A training step (binary cross-entropy, Adam) and inference; ratio: our time by theirs in the same turn";
export const about = () => [aboutTorch("as many threads as ours"), aboutBaseline()];

const [STEP, INFERENCE] = ["step", "inference"];

// the last, whose planes are large, for what threads gain
const NETWORKS = [
  { name: "U-Net, width 8", network: "UNet", options: { width: 8 }, size: [4, 256, 256], passes: [STEP, INFERENCE], rounds: 9 },
  { name: "U-Net, width 16", network: "UNet", options: { width: 16 }, size: [4, 128, 128], passes: [STEP, INFERENCE], rounds: 9 },
  { name: "U-Net, width 32", network: "UNet", options: { width: 32 }, size: [4, 128, 128], passes: [STEP, INFERENCE], rounds: 7 },
  { name: "FastSCNN", network: "FastSCNN", options: {}, size: [4, 256, 256], passes: [STEP, INFERENCE], rounds: 9 },
  { name: "U-Net, width 16", network: "UNet", options: { width: 16 }, size: [4, 256, 256], passes: [STEP], rounds: 5 },
];
const threads = typeof lovasz.setThreads === "function" ? [1, 2] : [1];
// after which threads that still wait for work have gone to sleep
const PAUSE = 10;

/** Rows: network, pass and threads; the times; and what each computed, the loss before the second step or the mean logit. */
export async function* run(parts) {
  if (parts.includes("torch")) yield* besideTorch();
}

async function* besideTorch() {
  for (const { name, network, options, size, passes, rounds } of NETWORKS) {
    const task = taskLine(network, options, size);
    for (const pass of passes) {
      const contenders = threads.flatMap((count) => [
        { who: "lovasz", count, peer: lovaszTraining(task, count, dist) },
        { who: "PyTorch", count, peer: torchTraining(task, count) },
        { who: "before", count, peer: baseline && count === 1 ? lovaszTraining(task, count, baseline) : null },
      ]);
      const all = await timed(contenders, pass, rounds);
      for (const count of threads) yield { network: `${name}, ${size.join("x")}`, pass, threads: count, ...cells(all, count) };
    }
  }
  if (threads.length === 1) yield { network: "two threads: left out, as this build has no setThreads" };
}

// the times and the second result of each contender, by "who count"
async function timed(contenders, pass, rounds) {
  const results = {};
  const entries = contenders.map(({ who, count, peer }) => {
    const name = `${who} ${count}`;
    let calls = 0;
    const milliseconds = async () => {
      const time = await peer.milliseconds(pass);
      if (++calls === 2) results[name] = peer.result;
      return time;
    };
    return [name, peer && { milliseconds }];
  });
  const times = await inTurns(Object.fromEntries(entries), { rounds, pause: PAUSE });
  for (const { peer } of contenders) peer?.end();
  return { times, results };
}

function cells({ times, results }, count) {
  const ours = times[`lovasz ${count}`];
  const row = { lovasz: milliseconds(median(ours)) };
  for (const who of ["PyTorch", "before"]) {
    const theirs = times[`${who} ${count}`];
    if (theirs) Object.assign(row, { [who]: milliseconds(median(theirs)), [`by ${who}`]: ratio(ours, theirs) });
  }
  if (count > 1) row["by one thread"] = ratio(ours, times["lovasz 1"]);
  const computed = Object.entries(results).filter(([name]) => name.endsWith(` ${count}`));
  return { ...row, computed: computed.map(([, result]) => result.toFixed(5)).join(", ") };
}

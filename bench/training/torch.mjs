// A training step and inference of whole networks beside PyTorch, each contender in a process of its own.
import * as lovasz from "../../dist/index.js";
import { aboutBaseline, baseline, dist } from "../peers/baseline.mjs";
import { aboutCores, aboutTorch, lovaszTraining, torchTraining } from "../peers/peer.mjs";
import { taskLine } from "../peers/task.mjs";
import { useThreads } from "../peers/threads.mjs";
import { inTurns, median, milliseconds, ratio } from "../timing.mjs";
import { callsOf } from "./calls.mjs";

export const title = "A training step (binary cross-entropy, Adam) and inference; ratio: our time by theirs in the same turn";
export const about = () => [aboutTorch("as many threads as ours"), aboutCores(), aboutBaseline()];

const [STEP, INFERENCE] = ["step", "inference"];

// the last, whose planes are large, for what threads gain
const NETWORKS = [
  { name: "U-Net, width 8", network: "UNet", options: { width: 8 }, size: [4, 256, 256], passes: [STEP, INFERENCE], rounds: 9 },
  { name: "U-Net, width 16", network: "UNet", options: { width: 16 }, size: [4, 128, 128], passes: [STEP, INFERENCE], rounds: 9 },
  { name: "U-Net, width 32", network: "UNet", options: { width: 32 }, size: [4, 128, 128], passes: [STEP, INFERENCE], rounds: 7 },
  { name: "FastSCNN", network: "FastSCNN", options: {}, size: [4, 256, 256], passes: [STEP, INFERENCE], rounds: 9 },
  { name: "U-Net, width 16", network: "UNet", options: { width: 16 }, size: [4, 256, 256], passes: [STEP], rounds: 5 },
];
// after which threads that still wait for work have gone to sleep
const PAUSE = 10;

/** Rows: network, pass and threads; the times; and what each computed, the loss before the second step or the mean logit. */
export async function* run() {
  const fewer = await whyOneThread();
  const threads = fewer ? [1] : [1, 2];
  for (const { name, network, options, size, passes, rounds } of NETWORKS) {
    const task = taskLine(network, options, size);
    for (const pass of passes) {
      const contenders = threads.flatMap((count) => [
        ["lovasz", count, lovaszTraining(task, count, dist)],
        ["PyTorch", count, torchTraining(task, count)],
        ["before", count, baseline && count === 1 ? lovaszTraining(task, count, baseline) : null],
      ]);
      const present = contenders.filter(([, , peer]) => peer);
      const entries = Object.fromEntries(present.map(([who, count, peer]) => [`${who} ${count}`, callsOf(peer, pass)]));
      const times = await inTurns(entries, { rounds, pause: PAUSE });
      for (const [, , peer] of present) peer.end();
      for (const count of threads) yield { network: `${name}, ${size.join("x")}`, pass, threads: count, ...cells(entries, times, count) };
    }
  }
  if (fewer) yield { network: `two threads: left out, as ${fewer}` };
}

async function whyOneThread() {
  try {
    await useThreads(lovasz, 2);
    await useThreads(lovasz, 1);
    return null;
  } catch (error) {
    return error.message;
  }
}

function cells(entries, times, count) {
  const ours = times[`lovasz ${count}`];
  const row = { lovasz: milliseconds(median(ours)) };
  for (const who of ["PyTorch", "before"]) {
    const theirs = times[`${who} ${count}`];
    if (theirs) Object.assign(row, { [who]: milliseconds(median(theirs)), [`by ${who}`]: ratio(ours, theirs) });
  }
  if (count > 1) row["by one thread"] = ratio(ours, times["lovasz 1"]);
  const computed = Object.keys(entries).filter((name) => name.endsWith(` ${count}`));
  return { ...row, computed: computed.map((name) => entries[name].second.toFixed(5)).join(", ") };
}

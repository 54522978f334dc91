// A whole call of `lovasz predict`: finds the pictures, predicts one after the other, and writes their masks.
import { counted } from "../../counted.js";
import { LovaszError } from "../../index.js";
import { breathe } from "../../model/breathe.js";
import { taskOf } from "../../model/task.js";
import { openBar } from "../bar.js";
import { tellDoubts } from "../doubts.js";
import { Interrupted, WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { loadModel } from "../model/savedModel.js";
import { plain } from "../plain.js";
import { Interrupt } from "../run/interrupt.js";
import { absolute } from "../workingFolder.js";
import { findPictures } from "./findPictures.js";
import type { PredictOptions } from "./options.js";
import { type Job, plan } from "./plan.js";
import { type Predictor, resultsOf, write } from "./results.js";

/**
 * Carries out a call of `lovasz predict`. Throws `LovaszError` "data" at the end where pictures failed, and at once where nothing can be
 * written any more; `WrongCall` before any work; and `Interrupted`.
 */
export async function predictFolder(options: PredictOptions, io: Io): Promise<void> {
  const { model, data, cutoff } = options;
  const out = absolute(options.out);
  const { network, classes, normalisation } = await loadModel(model);
  try {
    if (cutoff !== undefined && classes !== null) {
      throw new WrongCall(
        `--cutoff ${cutoff} separates foreground from background, but the model tells ${classes} classes apart; leave it out`,
      );
    }
    const { files, doubts } = await findPictures(data, out);
    const jobs = plan(files, out, options);
    tellDoubts(doubts, io);
    await predictAll(jobs, { network, task: taskOf(classes ?? 1), normalisation }, options, io);
  } finally {
    network.dispose();
  }
}

const FORMAT = "{done}/{count}  {bar} {percentage}%  {eta_formatted} left  {name}";

async function predictAll(jobs: readonly Job[], model: Predictor, options: PredictOptions, io: Io): Promise<void> {
  const count = String(jobs.length);
  const bar = await openBar(io.stderr, jobs.length, FORMAT, { done: "0", count, name: "" });
  const tell = (line: string) => io.stderr.write(`${bar ? "\n" : ""}${plain(line)}\n`);
  const onDoubt = (doubt: string) => tell(`warning: ${doubt}`);
  const stopping = new AbortController();
  const interrupt = new Interrupt(
    () => stopping.abort(),
    () => bar?.stop(),
  );
  let [done, failed] = [0, 0];
  try {
    for (const [i, job] of jobs.entries()) {
      const onProgress = (part: number) => bar?.update(i + part, { done: String(i), count, name: plain(job.stem) });
      onProgress(0);
      const results = await resultsOf(job, model, options, { signal: stopping.signal, onProgress, onDoubt }).catch((error) => {
        if (error instanceof LovaszError) return error;
        if (stopping.signal.aborted) return null;
        throw error;
      });
      if (results instanceof LovaszError) {
        failed++;
        tell(`skipped: ${results.message}`);
      } else if (results) {
        write(results);
        done++;
      }
      // signals are heard in here
      await breathe();
      if (interrupt.code !== null && done + failed < jobs.length) {
        throw new Interrupted(
          `interrupted; ${done} of ${counted(jobs.length, "picture")} are done, their masks are in ${options.out}`,
          interrupt.code,
        );
      }
    }
    bar?.update(jobs.length, { done: count });
  } finally {
    bar?.stop();
    interrupt.close();
  }
  if (done > 0) io.stdout.write(`${plain(`${counted(done, "mask")} in ${options.out}`)}\n`);
  if (failed > 0) throw new LovaszError("data", `${failed} of ${counted(jobs.length, "picture")} could not be predicted`);
}

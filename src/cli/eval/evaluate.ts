// A whole call of `lovasz eval`: predicts the pictures of a data folder, and scores that.
import { BoundaryScore } from "../../model/boundaryScore.js";
import { CutoffCurve } from "../../model/cutoffCurve.js";
import { Score } from "../../model/score.js";
import { taskOf } from "../../model/task.js";
import { readFolder } from "../data/folder.js";
import { tellDoubts } from "../doubts.js";
import { WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { loadModel } from "../model/savedModel.js";
import { asTrained } from "./asTrained.js";
import { inWords } from "./inWords.js";
import type { EvalOptions } from "./options.js";
import { predictSample } from "./predictSample.js";
import { forPrograms } from "./result.js";

/** Carries out a call of `lovasz eval`. Throws `WrongCall`, and `LovaszError` where model or data cannot be read. */
export async function evaluate(options: EvalOptions, io: Io): Promise<void> {
  const { model, data, json, cutoffCurve } = options;
  const known = await loadModel(model);
  const task = taskOf(known.classes ?? 1);
  const score = new Score(task);
  const boundary = new BoundaryScore(task);
  const curve = cutoffCurve ? new CutoffCurve() : null;
  try {
    if (curve && task.classes !== null) {
      throw new WrongCall(
        `--cutoff-curve is for foreground and background, but the model tells ${task.classes} classes apart; leave it out`,
      );
    }
    const { reading, notes } = asTrained(options, known);
    const { pictures, doubts } = await readFolder(data, reading);
    tellDoubts(doubts, io);
    for (const note of notes) (json ? io.stderr : io.stdout).write(`${note}\n`);
    for (const picture of pictures) {
      const sample = await picture.read();
      const predicted = await predictSample(known, task, sample, (logits, truth) => curve?.add(logits, truth));
      score.add(predicted, sample.labels);
      boundary.add(predicted, sample.labels, sample);
    }
  } finally {
    known.network.dispose();
  }
  const result = { score, boundary, points: curve?.points() ?? null };
  if (json) io.stdout.write(`${JSON.stringify(forPrograms(result))}\n`);
  else io.stdout.write(`${await inWords({ model, data, loss: known.loss, hasClasses: task.classes !== null, ...result })}\n`);
}

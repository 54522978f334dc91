// The files that a run leaves.
import { saveNetwork } from "../../model/saveNetwork.js";
import type { Training } from "../model/course.js";
import { modelName } from "../model/savedModel.js";
import { networkOf } from "../model/train.js";
import { report } from "../report/report.js";
import { trainingName } from "./checkpoints.js";
import { metrics } from "./metrics.js";
import type { Outcome, Run } from "./run.js";
import { bestTraining } from "./statistics.js";

/** The names of the files that are no models. */
export const PAGES = ["report.html", "metrics.json"] as const;

/** The contents of all files by name. */
export function filesOf(run: Run): Map<string, string | Uint8Array> {
  const [page, numbers] = PAGES;
  return new Map<string, string | Uint8Array>([
    ...run.outcomes.flatMap((outcome) => modelsOf(run, outcome)),
    [page, report(run)],
    [numbers, `${JSON.stringify(metrics(run), null, 2)}\n`],
  ]);
}

// the best model of the loss, and with several seeds the model of each
function modelsOf(run: Run, outcome: Outcome): [string, Uint8Array][] {
  const best = modelFile(run, bestTraining(outcome));
  const each =
    run.recipe.seeds > 1
      ? outcome.trainings.map((one): [string, Uint8Array] => [trainingName(one.loss, one.seed), modelFile(run, one)])
      : [];
  return [[modelName(outcome.loss), best], ...each];
}

function modelFile({ recipe, data: { ignore, threshold } }: Run, { loss, state }: Training): Uint8Array {
  const network = networkOf(recipe, { state });
  try {
    return saveNetwork({ network, loss, ignore, threshold });
  } finally {
    network.dispose();
  }
}

// The validation pictures that the report shows, with what each loss predicts there.
import { predictLabels } from "../../model/predictLabels.js";
import type { Recipe } from "../model/recipe.js";
import { networkOf } from "../model/train.js";
import { pick } from "../report/pick.js";
import { winner } from "./comparison.js";
import type { Data, Example, Outcome } from "./run.js";
import { bestTraining } from "./statistics.js";

/** A few of the validation pictures, chosen by the IoU of the winner's best training. */
export async function examplesOf(recipe: Recipe, { validation }: Data, outcomes: readonly Outcome[]): Promise<Example[]> {
  const best = outcomes.map(bestTraining);
  const networks = best.map(({ state }) => networkOf(recipe, { state }));
  try {
    const examples: Example[] = [];
    for (const i of pick(bestTraining(winner(outcomes)).imageIoUs)) {
      const sample = await validation[i].read();
      const predictions: Uint8Array[] = [];
      for (const network of networks) predictions.push((await predictLabels(network, sample, { task: recipe.task })).labels);
      examples.push({ sample, predictions, ious: best.map(({ imageIoUs }) => imageIoUs[i]) });
    }
    return examples;
  } finally {
    for (const network of networks) network.dispose();
  }
}

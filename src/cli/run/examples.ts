// The validation pictures that the report shows, with what each loss predicts there.
import { predictLabels } from "../../model/predictLabels.js";
import { networkOf, type Recipe, type Training } from "../model/train.js";
import { pick } from "../report/pick.js";
import { winner } from "./outcome.js";
import type { Data, Example } from "./run.js";

/** A few of the validation pictures, from the best to the worst by the IoU of the winner. */
export async function examplesOf(recipe: Recipe, { validation }: Data, trainings: readonly Training[]): Promise<Example[]> {
  const networks = trainings.map(({ state }) => networkOf(recipe, state));
  try {
    const examples: Example[] = [];
    for (const i of pick(winner(trainings).imageIoUs)) {
      const sample = await validation[i].read();
      const predictions: Uint8Array[] = [];
      for (const network of networks) predictions.push((await predictLabels(network, sample, { task: recipe.task })).labels);
      examples.push({ sample, predictions, ious: trainings.map(({ imageIoUs }) => imageIoUs[i]) });
    }
    return examples;
  } finally {
    for (const network of networks) network.dispose();
  }
}

// How a run trained, as the report says it.
import { counted } from "../../counted.js";
import { inWords } from "../model/architecture.js";
import type { Recipe } from "../model/recipe.js";

/** A sentence or two on what all losses of a run have in common; `seeds` are those of its trainings, `from` the model that they start from. */
export function recipeInWords(recipe: Recipe, seeds: readonly number[], from: string | null): string {
  const { architecture, epochs, batch, lr, optimizer, schedule, augment, clip, ema, lossWarmup, classWeights, patience } = recipe;
  const start = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds.join(", ")}`;
  const rest = [
    start,
    counted(epochs, "epoch"),
    `batch ${batch}`,
    `${OPTIMIZERS[optimizer]} at ${lr}, falling by ${schedule}`,
    `augmentation ${augment}`,
    ...(clip === null ? [] : [`gradients clipped to ${clip}`]),
    ...(ema === null ? [] : [`weights averaged by ${ema}`]),
    ...(classWeights === null ? [] : [`class weights ${classWeights.join(", ")}`]),
    ...(patience === null ? [] : [`patience ${counted(patience, "epoch")}`]),
  ];
  const random = seeds.length === 1 ? "the same weights for each loss" : "the same weights for each loss, seed by seed";
  const weights = from === null ? random : `the weights of ${from} for each loss`;
  const warmup = lossWarmup === 0 ? "" : ` Lovász terms were left out in the first ${counted(lossWarmup, "epoch")}.`;
  return `The same ${inWords(architecture)} from ${weights}: ${rest.join(", ")}.${warmup}`;
}

const OPTIMIZERS = { adam: "Adam", adamw: "AdamW", sgd: "SGD with momentum 0.9" };

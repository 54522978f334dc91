import { expect, test } from "vitest";
import { recipeInWords } from "../../../src/cli/report/recipeInWords.js";
import { recipe } from "../helpers/runs.js";

test("recipeInWords tells what all losses have in common, and every seed", () => {
  expect(recipeInWords(recipe(), [7], null)).toBe(
    "The same U-Net of width 8, 3 levels and no norm from the same weights for each loss: seed 7, 2 epochs, batch 4, Adam at 0.002, falling by cosine, augmentation turns.",
  );
  expect(recipeInWords(recipe({ epochs: 1 }), [0, 1], null)).toContain("for each loss, seed by seed: seeds 0, 1, 1 epoch, batch");
});

test("recipeInWords tells what is not the default", () => {
  const more = { clip: 2, ema: 0.9, classWeights: [1, 5], patience: 3, lossWarmup: 1, optimizer: "sgd" } as const;
  const fast = { network: "fast-scnn", width: 16 } as const;
  expect(recipeInWords(recipe({ ...more, architecture: fast }), [7], "a.safetensors")).toBe(
    "The same Fast-SCNN of width 16 from the weights of a.safetensors for each loss: seed 7, 2 epochs, batch 4, SGD with momentum 0.9 at 0.002, falling by cosine, augmentation turns, gradients clipped to 2, weights averaged by 0.9, class weights 1, 5, patience 3 epochs. Lovász terms were left out in the first 1 epoch.",
  );
});

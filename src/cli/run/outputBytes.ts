// How many bytes a run may write, so that its folder is checked before hours of training.
import type { Picture } from "../data/picture.js";
import { networkOf, type Recipe } from "../model/train.js";
import { panelPixels } from "../report/panels.js";
import { MOST_PICKED } from "../report/pick.js";

// the page without pictures and curves; the header of a model
const PAGE = 80_000;
const HEADER = 2 ** 14;
// for each loss, in the curves of the report and in metrics.json
const BYTES_AN_EPOCH = 256;
// its IoU in a checkpoint
const BYTES_A_PICTURE = 24;

/** The most bytes that a run of so many `losses` writes at a time, reached with pictures that do not compress. */
export function outputBytes(recipe: Recipe, losses: number, validation: readonly Picture[]): number {
  const network = networkOf(recipe);
  const numbers = Object.values(network.stateDict()).reduce((sum, { data }) => sum + data.length, 0);
  network.dispose();
  const pixels = validation.map(panelPixels).sort((a, b) => b - a);
  const shown = pixels.slice(0, MOST_PICKED).reduce((sum, count) => sum + count, 0);
  // three bytes a pixel, and four characters of base64 for three bytes
  const pictures = (2 + losses) * 4 * shown;
  const { seeds, epochs } = recipe;
  const model = HEADER + 4 * numbers;
  const trainings = losses * seeds;
  const models = losses + (seeds > 1 ? trainings : 0);
  // the best state of each training, and all that one of them needs to go on; the numbers of each are told thrice
  const checkpoints = trainings * model + 5 * model;
  const told = trainings * (3 * BYTES_AN_EPOCH * epochs + 3 * BYTES_A_PICTURE * validation.length);
  return PAGE + pictures + models * model + checkpoints + told;
}

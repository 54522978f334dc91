// How many bytes a run may write, so that its folder is checked before hours of training.
import type { Picture } from "../data/picture.js";
import type { Recipe } from "../model/recipe.js";
import { networkOf } from "../model/train.js";
import { MOST_SHOWN } from "../report/confusion.js";
import { panelPixels } from "../report/panels.js";
import { MOST_PICKED } from "../report/pick.js";

// the page without pictures and curves; the header of a model
const PAGE = 96_000;
const HEADER = 2 ** 14;
// for each loss, in the curves of the report and in metrics.json
const BYTES_AN_EPOCH = 320;
// its IoU, and a number of the confusion matrix, in a checkpoint and in metrics.json
const BYTES_A_PICTURE = 24;
const BYTES_OF_CONFUSION = 40;
// for each loss, in the tables of the report
const BYTES_A_CLASS = 96;
const BYTES_A_CELL = 80;

/** The most bytes that a run of so many `losses` writes at a time, reached with pictures that do not compress. */
export function outputBytes(recipe: Recipe, losses: number, validation: readonly Picture[]): number {
  const network = networkOf(recipe);
  const numbers = Object.values(network.stateDict()).reduce((sum, { data }) => sum + data.length, 0);
  network.dispose();
  const pixels = validation.map(panelPixels).sort((a, b) => b - a);
  const shown = pixels.slice(0, MOST_PICKED).reduce((sum, count) => sum + count, 0);
  // three bytes a pixel, and four characters of base64 for three bytes
  const pictures = (2 + losses) * 4 * shown;
  const classes = recipe.task.classes ?? 0;
  const tables = BYTES_A_CLASS * classes + BYTES_A_CELL * Math.min(classes, MOST_SHOWN) ** 2;
  const { seeds, epochs } = recipe;
  const model = HEADER + 4 * numbers;
  const trainings = losses * seeds;
  const models = losses + (seeds > 1 ? trainings : 0);
  // the best state of each training, and all that one of them needs to go on
  const checkpoints = (trainings + 5) * model;
  // in the page, in metrics.json and in a checkpoint
  const each = 3 * BYTES_AN_EPOCH * epochs + BYTES_A_PICTURE * validation.length + BYTES_OF_CONFUSION * classes ** 2;
  return PAGE + pictures + models * model + checkpoints + losses * tables + trainings * each;
}

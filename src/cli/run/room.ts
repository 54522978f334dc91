// How much a run may write: what its folder is asked for before hours of training, not after.
import { nn } from "../../index.js";
import type { Picture } from "../data/picture.js";
import type { Recipe } from "../model/train.js";
import { panelPixels } from "../report/panels.js";
import { MOST_PICKED } from "../report/pick.js";

// the page without pictures and curves, and the header of a model
const PAGE = 80_000;
const HEADER = 2 ** 14;
// of a loss, in the curves of the report and in metrics.json
const BYTES_AN_EPOCH = 256;

/** At most how many bytes a run of so many `losses` writes; pictures that do not compress are the worst. */
export function roomOf({ width, task, epochs }: Recipe, losses: number, validation: readonly Picture[]): number {
  const network = new nn.UNet({ width, outChannels: task.outChannels });
  const parameters = network.parameters().reduce((sum, { size }) => sum + size, 0);
  network.dispose();
  const pixels = validation.map(panelPixels).sort((a, b) => b - a);
  const shown = pixels.slice(0, MOST_PICKED).reduce((sum, count) => sum + count, 0);
  // three bytes a pixel, four characters each three
  const pictures = (2 + losses) * 4 * shown;
  return PAGE + pictures + losses * (HEADER + 4 * parameters + BYTES_AN_EPOCH * epochs);
}

// The table of results in the terminal.
import type { Training } from "../model/train.js";
import { percent } from "./outcome.js";

/** Headings of the table, here and in the report. */
export const HEADINGS = ["loss", "IoU", "mean image IoU", "Dice", "best epoch", "seconds"];

/** The rows of the table, one for each loss, the highest IoU first. */
export function rows(trainings: readonly Training[]): string[][] {
  return [...trainings]
    .sort((a, b) => b.iou - a.iou)
    .map((one) => [
      one.loss,
      percent(one.iou),
      percent(one.meanImageIoU),
      percent(one.dice),
      String(one.bestEpoch),
      one.seconds.toFixed(1),
    ]);
}

/** The table as lines of text. */
export async function table(trainings: readonly Training[]): Promise<string> {
  const { default: Table } = await import("cli-table3");
  const colAligns = HEADINGS.map((_, i): "left" | "right" => (i === 0 ? "left" : "right"));
  // no colours: the output may go to a file
  const lines = new Table({ head: HEADINGS, colAligns, style: { head: [], border: [] } });
  lines.push(...rows(trainings));
  return lines.toString();
}

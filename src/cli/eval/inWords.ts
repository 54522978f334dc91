// What `lovasz eval` tells people.
import { counted } from "../../counted.js";
import { type AtCutoff, bestOf } from "../../model/cutoffCurve.js";
import { diceOf } from "../../model/score.js";
import { plain } from "../plain.js";
import { percent } from "../run/outcome.js";
import type { Result } from "./result.js";

/** A result, and where it comes from. */
export interface Told extends Result {
  readonly model: string;
  readonly data: string;
  /** The loss that trained the model, where that is known. */
  readonly loss?: string;
  /** Whether the model tells classes apart. */
  readonly hasClasses: boolean;
}

/** Lines of text: the scores, a table of the classes where there are some, and one of cut-offs where they were asked for. */
export async function inWords({ model, data, loss, hasClasses, score, boundary, points }: Told): Promise<string> {
  const { iou, meanImageIoU, dice } = score.scores();
  return [
    `${plain(`${model}${loss ? `, trained with ${loss}` : ""}, on ${counted(score.imageIoUs.length, "picture")} of ${data}`)}:`,
    `IoU ${percent(iou)}, mean image IoU ${percent(meanImageIoU)}, Dice ${percent(dice)}, boundary IoU ${percent(boundary.iou())}`,
    ...(hasClasses ? await ofClasses(score.classIoUs()) : []),
    ...(points ? await ofCutoffs(points) : []),
  ].join("\n");
}

/** Lines with the IoU and the Dice coefficient of each class. */
export async function ofClasses(ious: readonly (number | null)[]): Promise<string[]> {
  const rows = ious.map((iou, one) => [String(one), ...(iou === null ? ["absent", "absent"] : [percent(iou), percent(diceOf(iou))])]);
  const note = "absent: neither the masks nor the predictions have the class, so it does not count in the means";
  return [await tableOf(["class", "IoU", "Dice"], rows), ...(ious.includes(null) ? [note] : [])];
}

async function ofCutoffs(points: readonly AtCutoff[]): Promise<string[]> {
  const best = bestOf(points);
  return [
    await tableOf(
      ["cut-off", "IoU"],
      points.map(({ cutoff, iou }) => [cutoff.toFixed(2), percent(iou)]),
    ),
    `best cut-off: ${best.cutoff}, IoU ${percent(best.iou)}; lovasz predict --cutoff ${best.cutoff} uses it`,
    "It was chosen on these pictures, so report the IoU that it reaches on others.",
  ];
}

async function tableOf(head: string[], rows: readonly string[][]): Promise<string> {
  const { default: Table } = await import("cli-table3");
  // no colours: the output may go to a file
  const lines = new Table({ head, colAligns: head.map(() => "right" as const), style: { head: [], border: [] } });
  lines.push(...rows);
  return lines.toString();
}

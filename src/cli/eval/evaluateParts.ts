// A whole call of `lovasz eval --parts`: scores a data set of any size, from parts that lovasz sketch counted.
import { counted } from "../../counted.js";
import { classIoU } from "../../model/classIoU.js";
import { diceOf, mean } from "../../model/score.js";
import { binaryTask, multiclassTask } from "../../model/task.js";
import type { Io } from "../io.js";
import { percent } from "../run/outcome.js";
import { lossOf, wholeOf } from "../sketch/weigh.js";
import { ofClasses } from "./inWords.js";

/** What a call asks for, as commander hands it over. */
export interface EvalPartsOptions {
  readonly parts: readonly string[];
  readonly expect?: number;
  readonly json?: boolean;
}

/** Prints loss, IoU, Dice and, with `json`, the confusion matrix. Throws `LovaszError` "data". */
export async function evaluateParts({ parts: files, expect, json }: EvalPartsOptions, io: Io): Promise<void> {
  const part = await wholeOf(files, expect, io);
  const { loss: kind, value: loss, bound, pixels, parts } = lossOf(part, {});
  const { confusion } = part;
  const hasClasses = kind === "softmax";
  const ious = (hasClasses ? multiclassTask(confusion.length) : binaryTask).ious(confusion);
  const [iou, dice] = [mean(ious), mean(ious.map(diceOf))];
  const classes = confusion.map((_, one) => classIoU(confusion, one));
  if (json) {
    io.stdout.write(`${JSON.stringify({ kind, loss, bound, iou, dice, classes, confusion, pixels, parts })}\n`);
    return;
  }
  const lines = [
    `${counted(parts, "part")} of ${counted(pixels, "pixel")}:`,
    `${kind} loss ${loss.toPrecision(7)}, within ${bound.toPrecision(2)} of the exact one, IoU ${percent(iou)}, Dice ${percent(dice)}`,
    ...(hasClasses ? await ofClasses(classes) : []),
  ];
  io.stdout.write(`${lines.join("\n")}\n`);
}

// The options of `lovasz eval`. ../eval/evaluate.ts carries out the call, and is loaded only then.
import { Command } from "commander";
import { path, wholeNumber } from "../arguments.js";
import type { EvalPartsOptions } from "../eval/evaluateParts.js";
import type { EvalOptions } from "../eval/options.js";
import { WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { onThreads, threadsOption } from "../onThreads.js";
import { COLOURS_HELP, coloursOption, ignoreOption, maskSuffixOption, thresholdOption } from "./labelOptions.js";

const AFTER = `
--ignore and --threshold default to those of the training, where the model file records them.
The boundary IoU judges contours: it is that of the pixels within 2 % of the diagonal from the contour of their mask (Cheng et al.,
CVPR 2021).
--json prints { "iou", "meanImageIoU", "dice", "boundaryIoU", "classes", "confusion", "boundaries", "imageIoUs" }: "classes" has the IoU
of each class, or of background and foreground, and null for what neither the masks nor the predictions have. Of the same classes,
"confusion" has the pixels, a row for each class of the truth, and "boundaries" the { "intersection", "union" } near contours: added up,
they give the scores of several data sets together. With --cutoff-curve it has "cutoffs", [{ "cutoff", "iou" }], and "bestCutoff", too.
--parts scores a data set of any size, from files that lovasz sketch count --model wrote, on whatever machines: the loss, IoU and Dice;
--json prints { "kind", "loss", "bound", "iou", "dice", "classes", "confusion", "pixels", "parts" }.`;

/** The command, to be added to the program. */
export function evalCommand(io: Io): Command {
  return new Command("eval")
    .description(
      "score a model that lovasz train wrote: IoU, mean IoU of the images, Dice and boundary IoU; of each class, if there are classes",
    )
    .option("--model <file>", "the .safetensors file", path)
    .option(
      "--data <dir>",
      "folder with images/, and masks/ (or classes/, if the model was trained with --classes) of the same stems",
      path,
    )
    .addOption(ignoreOption())
    .addOption(thresholdOption())
    .addOption(maskSuffixOption())
    .addOption(coloursOption())
    .option("--cutoff-curve", "also the IoU by the cut-off of the probability above which is foreground, and the best; not for classes")
    .option("--parts <files...>", "instead of --model and --data: score what lovasz sketch count --model wrote")
    .option("--expect <n>", "with --parts: fail unless there are n parts", wholeNumber(1, 2 ** 31))
    .addOption(threadsOption())
    .option("--json", "print the numbers as JSON and nothing else")
    .addHelpText("after", AFTER + COLOURS_HELP)
    .action(async (options: Given) => {
      if (options.parts) {
        const { evaluateParts } = await import("../eval/evaluateParts.js");
        await evaluateParts(ofParts(options), io);
        return;
      }
      const known = ofModel(options);
      const { evaluate } = await import("../eval/evaluate.js");
      await onThreads(known.threads, () => evaluate(known, io));
    });
}

type Given = Partial<EvalOptions & EvalPartsOptions>;

function ofParts({ parts = [], expect, json, ...others }: Given): EvalPartsOptions {
  const [other] = Object.keys(others);
  if (other !== undefined) throw new WrongCall(`--parts takes ${dashed(other)} from where the parts were counted; leave it out`);
  return { parts, expect, json };
}

function ofModel({ model, data, parts: _, expect, ...others }: Given): EvalOptions {
  if (expect !== undefined) throw new WrongCall("--expect counts the files of --parts; leave it out");
  // as commander says it of options that are always required
  if (model === undefined) throw new WrongCall("required option '--model <file>' not specified; see lovasz --help");
  if (data === undefined) throw new WrongCall("required option '--data <dir>' not specified; see lovasz --help");
  return { ...others, model, data };
}

const dashed = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

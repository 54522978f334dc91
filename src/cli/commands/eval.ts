// The options of `lovasz eval`. ../eval/evaluate.ts carries out the call, and is loaded only then.
import { Command } from "commander";
import { path } from "../arguments.js";
import type { EvalOptions } from "../eval/options.js";
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
they give the scores of several data sets together. With --cutoff-curve it has "cutoffs", [{ "cutoff", "iou" }], and "bestCutoff", too.`;

/** The command, to be added to the program. */
export function evalCommand(io: Io): Command {
  return new Command("eval")
    .description(
      "score a model that lovasz train wrote: IoU, mean IoU of the images, Dice and boundary IoU; of each class, if there are classes",
    )
    .requiredOption("--model <file>", "the .safetensors file", path)
    .requiredOption(
      "--data <dir>",
      "folder with images/, and masks/ (or classes/, if the model was trained with --classes) of the same stems",
      path,
    )
    .addOption(ignoreOption())
    .addOption(thresholdOption())
    .addOption(maskSuffixOption())
    .addOption(coloursOption())
    .option("--cutoff-curve", "also the IoU by the cut-off of the probability above which is foreground, and the best; not for classes")
    .addOption(threadsOption())
    .option("--json", "print the numbers as JSON and nothing else")
    .addHelpText("after", AFTER + COLOURS_HELP)
    .action(async (options: EvalOptions) => {
      const { evaluate } = await import("../eval/evaluate.js");
      await onThreads(options.threads, () => evaluate(options, io));
    });
}

// The options of `lovasz eval`. ../eval/evaluate.ts carries out the call, and is loaded only then.
import { Command } from "commander";
import { path } from "../arguments.js";
import type { EvalOptions } from "../eval/options.js";
import type { Io } from "../io.js";
import { onThreads, threadsOption } from "../onThreads.js";
import { ignoreOption, thresholdOption } from "./labelOptions.js";

const AFTER = `
--ignore and --threshold default to those of the training, where the model file records them.
--json prints { "iou", "meanImageIoU", "dice", "classes" }: "classes" has the IoU of each class, or of background and foreground, and null
for what neither the masks nor the predictions have. With --cutoff-curve it has "cutoffs", [{ "cutoff", "iou" }], and "bestCutoff", too.`;

/** The command, to be added to the program. */
export function evalCommand(io: Io): Command {
  return new Command("eval")
    .description("score a model that lovasz train wrote: IoU, mean IoU of the images, and Dice; of each class, if there are classes")
    .requiredOption("--model <file>", "the .safetensors file", path)
    .requiredOption(
      "--data <dir>",
      "folder with images/, and masks/ (or classes/, if the model was trained with --classes) of the same stems",
      path,
    )
    .addOption(ignoreOption())
    .addOption(thresholdOption())
    .option("--cutoff-curve", "also the IoU by the cut-off of the probability above which is foreground, and the best; not for classes")
    .addOption(threadsOption())
    .option("--json", "print the numbers as JSON and nothing else")
    .addHelpText("after", AFTER)
    .action(async (options: EvalOptions) => {
      const { evaluate } = await import("../eval/evaluate.js");
      await onThreads(options.threads, () => evaluate(options, io));
    });
}

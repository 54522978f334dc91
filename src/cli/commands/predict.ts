// The options of `lovasz predict`. ../predict/predictFolder.ts carries out the call, and is loaded only then.
import { Command } from "commander";
import { path, probability } from "../arguments.js";
import type { Io } from "../io.js";
import { onThreads, threadsOption } from "../onThreads.js";
import type { PredictOptions } from "../predict/options.js";

const AFTER = `
DIR holds PNG, JPEG or TIFF files, also in subfolders; if there is a folder DIR/images/, they are read from there. For each picture one
mask is written, <stem>.png, of the size in which the picture is shown: 0 and 255 for background and foreground; the numbers of classes, if
the model was trained with --classes. Large pictures are predicted in tiles, as in lovasz eval, whose scores are those of these masks.
A file that lovasz predict did not write is never overwritten. A picture that cannot be read is named and skipped. Ctrl-C drops the picture
under way; where there is a mask, its picture is done.
Exit 0: done; 1: the work failed, or pictures were skipped; 2: the call is wrong; 130: Ctrl-C; 143: SIGTERM; 129: the terminal was closed.`;

/** The command, to be added to the program. */
export function predictCommand(io: Io): Command {
  return new Command("predict")
    .description("find in new pictures, without masks, what a model of lovasz train has learned to find")
    .requiredOption("--model <file>", "the .safetensors file", path)
    .requiredOption("--data <dir>", "folder of pictures, or folder with images/", path)
    .requiredOption("--out <dir>", "folder for the results, made if it does not exist", path)
    .option("--overlay", "also write <stem>.overlay.png: the picture with its foreground, or each class but 0, drawn over it")
    .option(
      "--probabilities",
      "also write <stem>.probability.png, 16-bit grey: 65535 times the probability of foreground, or of the class in the mask",
    )
    .option("--flips", "average over mirror images, in four times the time")
    .option("--cutoff <x>", "foreground is what has a probability above x (default: 0.5); not for classes", probability)
    .addOption(threadsOption())
    .addHelpText("after", AFTER)
    .action(async (options: PredictOptions) => {
      const { predictFolder } = await import("../predict/predictFolder.js");
      await onThreads(options.threads, () => predictFolder(options, io));
    });
}

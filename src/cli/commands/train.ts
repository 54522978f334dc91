// The options of `lovasz train`. ../run/compare.ts carries out the call, and is loaded only then.
import { Command, Option } from "commander";
import { path, positiveNumber, wholeNumber } from "../arguments.js";
import { WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { TERMS } from "../model/losses.js";
import { onThreads, threadsOption } from "../onThreads.js";
import type { TrainOptions } from "../run/options.js";
import { ignoreOption, labelOptions, thresholdOption } from "./labelOptions.js";

const AFTER = `
Losses are terms joined by + : ${TERMS.binary};
with --classes: ${TERMS.multiclass}.
DIR/images/ and DIR/masks/ hold PNG, JPEG or TIFF files of the same stem, also in subfolders; in a mask 0 is background, anything
else foreground. With --classes, DIR/classes/ holds a PNG or TIFF file of class numbers for each picture instead.
lovasz inspect --data DIR shows what would be read.
The same call with the same --seed and --threads gives the same model files, to the byte.
Each loss keeps the state of its best epoch by validation IoU. Results: metrics.json, one <loss>.safetensors per loss, report.html.
Ctrl-C (or SIGTERM, or a closed terminal) ends the run after the current step and writes the best models so far; a second Ctrl-C
quits at once. A run that nohup started continues when its terminal is closed.
Exit 0: done; 1: the work failed; 2: the call is wrong; 130: Ctrl-C; 143: SIGTERM; 129: the terminal was closed.`;

/** The command, to be added to the program. */
export function trainCommand(io: Io): Command {
  return new Command("train")
    .description("train the same small U-Net from the same weights once for each loss, and compare")
    .option("--data <dir>", "the training data: folder with images/ and masks/", path)
    .option("--val <dir>", "the validation data, of the same layout (default: a fifth of --data, drawn by --seed)", path)
    .option("--example", "instead of --data: find the water in satellite pictures that come with three-globe")
    .option("--classes <n>", "train on n classes, 0 to n-1, read from classes/", wholeNumber(2, 255))
    .option("--loss <name,...>", "losses to compare (default: bce,bce+lovasz-hinge; with --classes: ce,ce+lovasz-softmax)")
    .option("--epochs <n>", "passes over the training pictures (default: 10, --example: 60)", wholeNumber(1, 100_000))
    .option("--seed <n>", "seed of the weights, and of the order and orientation of pictures", wholeNumber(0, 2 ** 31 - 1), 0)
    .option("--batch <n>", "pictures in a step", wholeNumber(1, 4096), 4)
    .option("--width <n>", "channels of the first of the network's three levels", wholeNumber(1, 256), 8)
    .option("--lr <x>", "learning rate of Adam at the start; falls to 0 along a cosine", positiveNumber(1), 2e-3)
    .addOption(ignoreOption())
    .addOption(thresholdOption())
    .option("--out <dir>", "new or empty folder for the results, written at the end (default: runs/<date>-<time>)", path)
    .addOption(new Option("--device <name>", "where the losses are computed").choices(["wasm", "threads", "gpu", "auto"]).default("wasm"))
    .addOption(threadsOption())
    .option("--quiet", "no progress bar")
    .addHelpText("after", AFTER)
    .action(async (options: TrainOptions) => {
      check(options);
      const { compare } = await import("../run/compare.js");
      await onThreads(options.threads, () => compare(options, io));
    });
}

function check(options: TrainOptions): void {
  const { data, val, example, ignore, threshold, classes } = options;
  if (example && [data, val, ignore, threshold, classes].some((option) => option !== undefined)) {
    throw new WrongCall("--example brings its own data; leave out --data, --val, --ignore, --threshold and --classes");
  }
  labelOptions(options);
  if (!example && data === undefined) throw new WrongCall("lovasz train needs --data <dir>, or --example");
}

// The options of `lovasz train`. ../run/compare.ts carries out the call, and is loaded only then.
import { Command, Option } from "commander";
import { numbers, path, positiveNumber, share, shareOrPath, wholeNumber } from "../arguments.js";
import type { LabelOptions } from "../data/labelling.js";
import { WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { TERMS } from "../model/losses.js";
import { onThreads, threadsOption } from "../onThreads.js";
import { plain } from "../plain.js";
import type { TrainOptions } from "../run/options.js";
import { DEFAULTS, MOST_SEED } from "../run/recipe.js";
import { absolute } from "../workingFolder.js";
import { COLOURS_HELP, coloursOption, ignoreOption, labelOptions, maskSuffixOption, thresholdOption } from "./labelOptions.js";

const AFTER = `
Losses are terms joined by + : ${TERMS.binary};
with --classes: ${TERMS.multiclass}.
A term may have a factor: 0.5*bce+lovasz-sigmoid. A Lovász loss is the mean of one for each picture of a step.
DIR/images/ and DIR/masks/ hold PNG, JPEG or TIFF files of the same stem, also in subfolders; in a mask 0 is background, anything
else foreground. With --classes, DIR/classes/ holds a PNG or TIFF file of class numbers for each picture instead.
lovasz inspect --data DIR shows what would be read.
The same call with the same --seed and --threads gives the same model files, to the byte.
Each training keeps the state of its best epoch by validation IoU. Results: metrics.json, one <loss>.safetensors per loss (of its best
seed, where there are several, and <loss>.seed-<n>.safetensors for each), report.html. In names of files * is written x.
Ctrl-C (or SIGTERM, or a closed terminal) ends the run after the current step and writes the best models so far; a second Ctrl-C
quits at once. A run that nohup started continues when its terminal is closed.
--resume DIR goes on after the last whole epoch of a run that was stopped in any way, and ends with the same model files as if it had
not been.
Exit 0: done; 1: the work failed; 2: the call is wrong; 130: Ctrl-C; 143: SIGTERM; 129: the terminal was closed.`;

/** The command, to be added to the program. */
export function trainCommand(io: Io): Command {
  const command = new Command("train")
    .description("train the same small network from the same weights once for each loss, and compare")
    .option("--data <dir>", "the training data: folder with images/ and masks/", path)
    .option(
      "--val <dir|share>",
      "the validation data, of the same layout, or the share of --data that is held back (default: 0.2)",
      shareOrPath,
    )
    .option("--example", "instead of --data: find the water in satellite pictures that come with three-globe")
    .option("--classes <n>", "train on n classes, 0 to n-1, read from classes/", wholeNumber(2, 255))
    .addOption(ignoreOption())
    .addOption(thresholdOption())
    .addOption(maskSuffixOption())
    .addOption(coloursOption())
    .option("--loss <name,...>", "losses to compare (default: bce,bce+lovasz-sigmoid; with --classes: ce,ce+lovasz-softmax)")
    .option(
      "--loss-warmup <epochs>",
      `epochs without the Lovász terms at the start (default: ${DEFAULTS.lossWarmup})`,
      wholeNumber(0, 99_999),
    )
    .option(
      "--class-weights <x,...>",
      "weights of the classes, from class 0, or background, on, in bce, ce and lovasz-softmax",
      numbers(1e6),
    )
    .option(
      "--epochs <n>",
      `passes over the training pictures (default: ${DEFAULTS.epochs}, --example: ${DEFAULTS.exampleEpochs})`,
      wholeNumber(1, 100_000),
    )
    .option("--patience <n>", "end a training after n epochs without a better validation IoU (default: never)", wholeNumber(1, 100_000))
    .option(
      "--seed <n>",
      "seed of the weights, of the order and changes of pictures, and of which are held back",
      wholeNumber(0, MOST_SEED),
      0,
    )
    .option(
      "--seeds <n>",
      "train each loss with n seeds, from --seed on, on the same pictures, and compare means (default: 1)",
      wholeNumber(1, 1000),
    )
    .option("--batch <n>", `pictures in a step (default: ${DEFAULTS.batch})`, wholeNumber(1, 4096))
    .addOption(new Option("--network <name>", "the network (default: unet)").choices(["unet", "fast-scnn"]))
    .option(
      "--width <n>",
      `channels of the network's first level (default: ${DEFAULTS.widths.unet}, fast-scnn: ${DEFAULTS.widths["fast-scnn"]})`,
      wholeNumber(1, 256),
    )
    .option("--levels <n>", `levels of the U-Net, each of half the resolution (default: ${DEFAULTS.levels})`, wholeNumber(1, 12))
    .addOption(new Option("--norm <kind>", `what follows its convolutions (default: ${DEFAULTS.norm})`).choices(["none", "group", "batch"]))
    .addOption(
      new Option("--augment <kind>", `what happens to pictures anew in each epoch (default: ${DEFAULTS.augment})`).choices([
        ...["none", "turns", "full"],
      ]),
    )
    .addOption(
      new Option("--optimizer <name>", `the optimiser; sgd has a momentum of 0.9 (default: ${DEFAULTS.optimizer})`).choices([
        "adam",
        "adamw",
        "sgd",
      ]),
    )
    .option("--lr <x>", `learning rate at the start; falls to 0 by --schedule (default: ${DEFAULTS.lr})`, positiveNumber(1))
    .addOption(new Option("--schedule <name>", `how it falls (default: ${DEFAULTS.schedule})`).choices(["cosine", "poly"]))
    .option("--clip <x>", "the largest norm of all gradients together (default: any)", positiveNumber(1e6))
    .option("--ema <x>", "keep a moving average of the weights, with this decay in each step (default: none)", share)
    .option("--from <file>", "start from the weights of this model in place of random ones; other classes get a new last layer", path)
    .option("--out <dir>", "new or empty folder for the results (default: runs/<date>-<time>)", path)
    .option("--resume <dir>", "go on with the run in this folder, with the options that it was begun with", path)
    .addOption(new Option("--device <name>", "where the losses are computed").choices(["wasm", "threads", "gpu", "auto"]).default("wasm"))
    .addOption(threadsOption())
    .option("--quiet", "no progress bar")
    .addHelpText("after", AFTER + COLOURS_HELP);
  return command.action(async ({ resume, ...options }: TrainOptions & { resume?: string }) => {
    if (resume === undefined) await begin(options, io);
    else await goOn(resume, command, io);
  });
}

async function begin(given: TrainOptions, io: Io): Promise<void> {
  const options = { ...given, classes: check(given).classes ?? undefined };
  const { compare } = await import("../run/compare.js");
  await onThreads(options.threads, () => compare(options, io));
}

async function goOn(folder: string, command: Command, io: Io): Promise<void> {
  const given = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === "cli");
  const others = given.map(({ long }) => long).filter((name) => name !== "--resume" && name !== "--quiet");
  if (others.length > 0) {
    throw new WrongCall(`--resume goes on with the options that the run was begun with; leave out ${others.join(", ")}`);
  }
  const { begunAt, goOn } = await import("../run/compare.js");
  const begun = begunAt(absolute(folder));
  if (begun === null) io.stdout.write(`${plain(folder)} has ended, and there is nothing to continue\n`);
  else await onThreads(begun.threads, () => goOn(absolute(folder), begun.options, { quiet: command.opts().quiet }, io));
}

function check(options: TrainOptions): LabelOptions {
  const { data, val, example, ignore, threshold, classes, maskSuffix, colours } = options;
  if (example && [data, val, ignore, threshold, classes, maskSuffix, colours].some((option) => option !== undefined)) {
    const which = "--data, --val, --ignore, --threshold, --classes, --mask-suffix and --colours";
    throw new WrongCall(`--example brings its own data; leave out ${which}`);
  }
  const reading = labelOptions(options);
  if (!example && data === undefined) throw new WrongCall("lovasz train needs --data <dir>, or --example");
  return reading;
}

// The options of `lovasz sketch`. ../sketch/ carries out the calls, and is loaded only then.
import { Command, InvalidArgumentError, Option } from "commander";
import { path, wholeNumber } from "../arguments.js";
import type { Io } from "../io.js";
import { threadsOption } from "../onThreads.js";
import type { ApplyPartOptions, CountOptions, MergeOptions, Share, WeighPartOptions } from "../sketch/options.js";
import { COLOURS_HELP, coloursOption, ignoreOption, maskSuffixOption, thresholdOption } from "./labelOptions.js";

const AFTER = `
A part is a line of JSON: the counts of the errors in a share of the data, and the confusion matrix. Parts can be merged in any order; the
loss is the same to the bit, and within a bin of the exact one. A part has the name of what was counted, and nothing is counted twice.
  lovasz sketch count --kind softmax --values logits-1.npy --labels labels-1.npy --out 1.part
  lovasz sketch merge *.part --out all.part
  lovasz sketch weigh all.part
  lovasz sketch apply --part all.part --values logits-1.npy --labels labels-1.npy --out gradient-1.npy`;

const COUNT_AFTER = `
What is counted: --values and --labels; or --model and --data, of which --part 3/64 takes every 64th picture from the third on (each part
looks at all masks first, as only all of them tell what their values mean); or, with neither, what lines of standard input name: the
file of logits, a tab and the file of labels, and perhaps a tab and a name.`;

/** The command with its subcommands, to be added to the program. */
export function sketchCommand(io: Io): Command {
  return new Command("sketch")
    .description("the loss of data in parts, of any size and on any machines: count each part, merge, weigh, apply")
    .addHelpText("after", AFTER)
    .addCommand(countCommand(io))
    .addCommand(mergeCommand(io))
    .addCommand(weighCommand(io))
    .addCommand(applyCommand(io));
}

function countCommand(io: Io): Command {
  return withArrays(new Command("count"))
    .description("count the errors of a share of the data; prints a part, or writes it to --out")
    .addOption(kindOption())
    .option("--bins <n>", "bins of equal width, a power of two (default: 65536)", wholeNumber(2, 2 ** 20))
    .option("--model <file>", "a .safetensors file, to predict pictures and count its errors", path)
    .option("--data <dir>", "folder with images/, and masks/ or classes/, of the same stems", path)
    .option("--part <k/n>", "of n equal shares of the pictures the k-th, from 1", share)
    .addOption(thresholdOption())
    .addOption(maskSuffixOption())
    .addOption(coloursOption())
    .option("--name <text>", "the name of the part (default: the file of --values, or the folder of --data with --part)", name)
    .option("--out <file>", "the file to write, whole or not at all", path)
    .addOption(threadsOption())
    .addHelpText("after", COUNT_AFTER + COLOURS_HELP)
    .action(async (options: CountOptions) => {
      const { count } = await import("../sketch/count.js");
      await count(options, io);
    });
}

function mergeCommand(io: Io): Command {
  return new Command("merge")
    .description("merge parts into one: files, or lines of standard input; prints it, or writes it to --out")
    .argument("[files...]", "files of parts")
    .addOption(expectOption())
    .option("--out <file>", "the file to write, whole or not at all", path)
    .action(async (files: string[], options: MergeOptions) => {
      const { mergeCall } = await import("../sketch/merge.js");
      await mergeCall(files, options, io);
    });
}

function weighCommand(io: Io): Command {
  return new Command("weigh")
    .description("print the loss of all data: of files of parts, or of lines of standard input")
    .argument("[files...]", "files of parts")
    .addOption(classesOption())
    .addOption(expectOption())
    .option("--json", 'print { "kind", "loss", "bound", "pixels", "parts" } and nothing else')
    .action(async (files: string[], options: WeighPartOptions) => {
      const { weighCall } = await import("../sketch/weigh.js");
      await weighCall(files, options, io);
    });
}

function applyCommand(io: Io): Command {
  return withArrays(new Command("apply"))
    .description("write the gradient of the loss of all data by the logits of a share of it")
    .requiredOption("--part <file>", "all parts, merged", path)
    .addOption(classesOption())
    .requiredOption("--out <file>", "the .npy file to write, of the shape of the logits", path)
    .action(async (options: ApplyPartOptions) => {
      const { applyCall } = await import("../sketch/apply.js");
      await applyCall(options, io);
    });
}

function withArrays(command: Command): Command {
  return command
    .option("--values <file>", "logits: a .npy file, or raw float32 numbers with --shape", path)
    .option("--labels <file>", "their labels: a .npy file of whole numbers, or raw uint8 or int32", path)
    .option("--shape <n,...>", "the shape of raw logits, such as 1,21,512,512", shape)
    .addOption(ignoreOption());
}

const kindOption = () =>
  new Option("--kind <name>", "the loss (default with --model: hinge, or softmax for classes)").choices(["hinge", "sigmoid", "softmax"]);

const expectOption = () => new Option("--expect <n>", "fail unless there are n parts").argParser(wholeNumber(1, 2 ** 31));

const classesOption = () =>
  new Option(
    "--classes <list>",
    "of a softmax: present, all, or class numbers such as 0,2, whose losses are averaged (default: present)",
  ).argParser(classes);

function classes(text: string): "present" | "all" | number[] {
  if (text === "present" || text === "all") return text;
  if (/^\d+(,\d+)*$/.test(text)) return text.split(",").map(Number);
  throw new InvalidArgumentError("Pass present, all, or class numbers with commas.");
}

function share(text: string): Share {
  const [number, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).slice(1).map(Number);
  if (number >= 1 && number <= of) return { number, of };
  throw new InvalidArgumentError("Pass two whole numbers such as 3/64, the first from 1 to the second.");
}

function shape(text: string): number[] {
  if (/^\d+(,\d+)*$/.test(text)) return text.split(",").map(Number);
  throw new InvalidArgumentError("Pass whole numbers with commas, such as 1,21,512,512.");
}

function name(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("It is empty: pass a name.");
}

// `lovasz fuzz`: checks a user's loss against the laws of the Lovász losses.
import { Command, Option } from "commander";
import { path, wholeNumber } from "../arguments.js";
import { type FuzzOptions, fuzz } from "../fuzz/fuzz.js";
import { writeStarter } from "../fuzz/writeStarter.js";
import type { Io } from "../io.js";

const AFTER = `
MODULE exports the loss as default, as "loss", or as its only function: (values, labels, options) => { value, grad }, or a promise
of them. values: Float32Array of logits, or of probabilities for softmax; labels: Int32Array; options: { shape, ignore?, perImage?,
classes? }. Shapes are [B, H, W], or [B, C, H, W] for softmax and softmax-logits. The module has 30 s to load, and the loss 30 s to
settle each promise. An endless loop is not stopped: press Ctrl-C. Timers and servers that the module leaves running end with the command.

--exec COMMAND is a program in any language that answers a JSON line for each call on its standard streams: docs/protocol.md.
--python my_loss:loss is the function loss of my_loss.py, found in the working directory or on PYTHONPATH: loss(values, labels, options)
returns (value, gradient), all flat numpy arrays; with --torch, values are a tensor and the result is a scalar to differentiate.
With --precision float16 they are halves, of up to 256 pixels an image, and the laws allow for the rounding of halves.
--init python writes my_loss.py, to fill in.

Exit 0: every law holds; 1: one is broken, or the loss cannot be loaded; 2: the call is wrong.`;

/** The command, to be added to the program. */
export function fuzzCommand(io: Io): Command {
  return new Command("fuzz")
    .description("check a loss against the laws of the Lovász losses, in random cases")
    .argument("[module]", "the JavaScript module with the loss", path)
    .addOption(
      new Option("--kind <kind>", "the loss that it implements").choices([
        "hinge",
        "softmax",
        "softmax-logits",
        "sigmoid",
        "dice",
        "jaccard",
        "tversky",
      ]),
    )
    .option("--exec <command>", "a program with the loss, in any language")
    .option("--python <module:function>", "a function in Python")
    .option("--torch", "with --python: it takes tensors of torch, and returns a scalar")
    .option("--interpreter <file>", "with --python: the interpreter (default: python3)", path)
    .option("--timeout <s>", "with --exec and --python: seconds for each call (default: 30)", wholeNumber(1, 86_400))
    .option("--runs <n>", "cases for each law", wholeNumber(1, 10_000_000), 200)
    .option("--seed <n>", "seed of the cases (default: a random one)", wholeNumber(0, 2 ** 31 - 1))
    .option("--honours <names>", "the options that the loss knows, of ignore, perImage and classes, with commas (default: all)", list)
    .option("--needs <names>", "what each case must have, of pixel, foreground and oneImage, with commas (default: nothing)", list)
    .addOption(new Option("--classes <which>", "the classes that a softmax averages by default").choices(["present", "all"]))
    .addOption(new Option("--precision <numbers>", "those in which it computes, and gets its values").choices(["float32", "float16"]))
    .option("--only <laws>", "the laws to check, with commas", list)
    .option("--skip <laws>", "laws not to check, with commas", list)
    .option("--json", "print one line of JSON")
    .option("--test <runner file...>", "where laws are broken: write a test file for vitest, or with --python for pytest")
    .addOption(new Option("--init <language>", "write a loss to fill in").choices(["python"]))
    .addHelpText("after", AFTER)
    .action(async (module: string | undefined, options: FuzzOptions & { init?: string }) => {
      if (options.init !== undefined) writeStarter(io);
      else await fuzz(module, options, io);
    });
}

const list = (text: string): string[] => (text === "" ? [] : text.split(",").map((name) => name.trim()));

// `lovasz fuzz`: checks a user's loss against the laws of the Lovász losses.
import { Command, Option } from "commander";
import { counted } from "../../counted.js";
import type { Kind, LawResult } from "../../fuzz/index.js";
import { LovaszError } from "../../index.js";
import { path, wholeNumber } from "../arguments.js";
import type { Io } from "../io.js";
import { loadLoss } from "../model/lossModule.js";

interface Options {
  kind: Kind;
  runs: number;
  seed?: number;
}

const AFTER = `
MODULE exports the loss as default, as "loss", or as its only function: (values, labels, options) => { value, grad }, or a promise
of them. values: Float32Array of logits, or of probabilities for softmax; labels: Int32Array; options: { shape, ignore?, perImage?,
classes? }. Shapes are [B, H, W], or [B, C, H, W] for softmax.
The module has 30 s to load, and the loss 30 s to settle each promise. An endless loop is not stopped: press Ctrl-C.
Timers and servers that the module leaves running end with the command.
Exit 0: every law holds; 1: one is broken; 2: the call is wrong.`;

/** The command, to be added to the program. */
export function fuzzCommand(io: Io): Command {
  return new Command("fuzz")
    .description("check a loss against the laws of the Lovász losses, in random cases; needs fast-check")
    .argument("<module>", "the JavaScript module with the loss", path)
    .addOption(new Option("--kind <kind>", "the loss that it implements").choices(["hinge", "softmax", "sigmoid"]).makeOptionMandatory())
    .option("--runs <n>", "cases for each law", wholeNumber(1, 10_000_000), 200)
    .option("--seed <n>", "seed of the cases (default: a random one)", wholeNumber(0, 2 ** 31 - 1))
    .addHelpText("after", AFTER)
    .action(async (module: string, { kind, runs, seed }: Options) => {
      const loss = await loadLoss(module);
      const { checkLoss } = await laws();
      const onLaw = (result: LawResult) => io.stdout.write(`${line(result)}\n`);
      const result = await checkLoss(loss, { kind, runs, seed, onLaw });
      const broken = result.laws.filter(({ ok }) => !ok);
      for (const { law, counterexample } of broken) io.stdout.write(`\nthe simplest case that breaks ${law}:\n\n${counterexample}\n`);
      if (result.ok) return;
      const count = `${broken.length} of ${counted(result.laws.length, "law")}`;
      throw new LovaszError("data", `${module} breaks ${count} of kind ${kind}; --seed ${result.seed} repeats the cases`);
    });
}

// fast-check is the user's own
async function laws(): Promise<typeof import("../../fuzz/index.js")> {
  try {
    return await import("../../fuzz/index.js");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes("'fast-check'")) throw cause;
    throw new LovaszError("option", "lovasz fuzz needs fast-check 4, which is not installed; run npm install --save-dev fast-check", {
      cause,
    });
  }
}

function line({ law, ok, runs, message }: LawResult): string {
  return ok ? `ok      ${law} (${counted(runs, "run")})` : `broken  ${law} (run ${runs}): ${message?.replaceAll(/\s*\n\s*/g, " ")}`;
}

// The program: its commands, its exit codes and its error line.
import { Command, CommanderError } from "commander";
import { LovaszError } from "../index.js";
import { benchCommand } from "./commands/bench.js";
import { evalCommand } from "./commands/eval.js";
import { exportCommand } from "./commands/export.js";
import { fuzzCommand } from "./commands/fuzz.js";
import { inspectCommand } from "./commands/inspect.js";
import { paintCommand } from "./commands/paint.js";
import { predictCommand } from "./commands/predict.js";
import { sketchCommand } from "./commands/sketch.js";
import { trainCommand } from "./commands/train.js";
import { Interrupted, WrongCall } from "./exits.js";
import type { Io } from "./io.js";
import { plain } from "./plain.js";
import { version } from "./version.js";
import { GONE, isGone } from "./workingFolder.js";

const FAILED = 1;
const WRONG_CALL = 2;

/**
 * Runs the command that `args` name and resolves to the exit code: 0 done, 1 the work failed, 2 the call is wrong, 129, 130 and 143
 * ended by SIGHUP, Ctrl-C and SIGTERM.
 */
export async function run(args: readonly string[], io: Io = process): Promise<number> {
  const program = new Command("lovasz")
    .description(
      "Train segmentation networks with the Lovász losses, score, use and export them, check losses against laws, and measure speed.",
    )
    .version(version);
  const commands = [
    inspectCommand(io),
    trainCommand(io),
    evalCommand(io),
    predictCommand(io),
    exportCommand(io),
    paintCommand(io),
    sketchCommand(io),
    fuzzCommand(io),
    benchCommand(io),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands.flatMap((one) => [one, ...one.commands])]) {
    command
      .exitOverride()
      .allowExcessArguments(false)
      .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => {} });
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (caught) {
    const error = isGone(caught) ? new WrongCall(GONE) : caught;
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    io.stderr.write(`lovasz: ${plain(messageOf(error, commands))}\n`);
    if (error instanceof Interrupted) return error.exitCode;
    return error instanceof CommanderError || error instanceof WrongCall ? WRONG_CALL : FAILED;
  }
}

function messageOf(error: unknown, commands: readonly Command[]): string {
  if ([LovaszError, WrongCall, Interrupted].some((kind) => error instanceof kind)) return (error as Error).message;
  if (error instanceof CommanderError) {
    if (error.code === "commander.help")
      return `no command given; use ${commands.map((one) => `lovasz ${one.name()}`).join(" or ")}, or --help`;
    const text = plain(error.message.replace(/^error: /, ""));
    return /[.)]$/.test(text) ? text : `${text}; see lovasz --help`;
  }
  // a bug of this program: the stack helps whoever reports it
  const { stack, message } = error as Error;
  return process.env.DEBUG ? String(stack) : `unexpected failure, ${message}; set DEBUG=1 to see where, and report it`;
}

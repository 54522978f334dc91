// The command called in this process, with what it would print.
import { Readable } from "node:stream";
import { run } from "../../../src/cli/program.js";

export interface Outcome {
  code: number;
  out: string;
  err: string;
}

/** Runs `lovasz` with `args`, far from any terminal. */
export function call(...args: string[]): Promise<Outcome> {
  return called(args, false);
}

/** As `call`, with `text` on standard input. */
export function callWithInput(text: string, ...args: string[]): Promise<Outcome> {
  return called(args, false, text);
}

/** As `call`, where standard error is a terminal of 120 columns. */
export function callOnTerminal(...args: string[]): Promise<Outcome> {
  return called(args, true);
}

async function called(args: string[], isTTY: boolean, text = ""): Promise<Outcome> {
  const [out, err]: [string[], string[]] = [[], []];
  const sink = (lines: string[]) => ({ isTTY, columns: 120, write: (text: string) => lines.push(text) });
  const code = await run(args, { stdin: Readable.from([text]), stdout: sink(out), stderr: sink(err) as unknown as NodeJS.WriteStream });
  return { code, out: out.join(""), err: err.join("") };
}

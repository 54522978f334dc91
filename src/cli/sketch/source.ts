// Where parts come from: files that the call names, or lines of standard input.
import { createInterface } from "node:readline";
import { LovaszError } from "../../index.js";
import { readBytes } from "../data/readBytes.js";
import { WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { decodePart, type Found } from "./part.js";

// what a string of Node holds
const MOST_BYTES = 2 ** 29 - 24;

/** The parts in `files`, or in the lines of standard input where there are none. Throws `LovaszError` "data". */
export async function* partsOf(files: readonly string[], io: Io): AsyncGenerator<Found> {
  if (files.length === 0) {
    let number = 0;
    for await (const line of linesOf(io)) {
      number++;
      const from = `line ${number} of standard input`;
      if (line.trim() !== "") yield { part: decodePart(line, from), from };
    }
  }
  for (const file of files) {
    const text = await textOf(file);
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (lines.length === 0) throw new LovaszError("data", `${file} is empty; count it again`);
    for (const line of lines) yield { part: decodePart(line, file), from: file };
  }
}

async function textOf(file: string): Promise<string> {
  const bytes = await readBytes(file, MOST_BYTES).catch((cause: Error) => {
    throw new LovaszError("data", `${file} ${cause.message}; pass files that lovasz sketch count or merge wrote`, { cause });
  });
  return new TextDecoder().decode(bytes);
}

/** The lines of standard input. Throws `WrongCall` where that is a terminal. */
export function linesOf({ stdin }: Io): AsyncIterable<string> {
  if ("isTTY" in stdin && stdin.isTTY) throw new WrongCall("nothing is piped in, and no file is named; pass files, or pipe lines in");
  return createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY });
}

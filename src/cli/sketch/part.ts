// Parts: what `lovasz sketch count` finds in a share of the data. A part is one line of JSON, so that files, pipes and job queues carry it.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { counted } from "../../counted.js";
import { LovaszError } from "../../index.js";
import { fromBytes } from "../../sketch/fromBytes.js";
import { merge } from "../../sketch/merge.js";
import type { Summary } from "../../sketch/summary.js";
import { toBytes } from "../../sketch/toBytes.js";

/** What is known of a share of the data. */
export interface Part {
  /** The names of what was counted, sorted: nothing is counted twice. */
  readonly names: readonly string[];
  /** How many pixels of each class (row) were predicted as each class (column); of binary losses, background and foreground. */
  readonly confusion: readonly (readonly number[])[];
  readonly summary: Summary;
}

/** A part, and the file or line it came from, for messages. */
export interface Found {
  readonly part: Part;
  readonly from: string;
}

const FORMAT = "lovasz part 1";

interface Line {
  format: string;
  names: readonly string[];
  confusion: readonly (readonly number[])[];
  summary: string;
  sha256: string;
}

/** The part in one line of text, without a line break. Equal parts have equal lines. */
export function encodePart({ names, confusion, summary }: Part): string {
  const contents = { format: FORMAT, names, confusion, summary: Buffer.from(toBytes(summary)).toString("base64") };
  return JSON.stringify({ ...contents, sha256: checksumOf(contents) });
}

/** The part in `line`, which came `from` a file or a pipe. Throws `LovaszError` "data". */
export function decodePart(line: string, from: string): Part {
  const wrong = (what: string, cause?: unknown) => new LovaszError("data", `${from} ${what}`, { cause });
  const { format, names, confusion, summary, sha256: checksum } = parsed(line, wrong);
  if (typeof format !== "string" || !format.startsWith("lovasz part ")) throw wrong(NO_PART);
  if (format !== FORMAT) throw wrong(`is "${format}", and this version of lovasz reads "${FORMAT}"; count it again with this version`);
  if (checksum !== checksumOf({ format, names, confusion, summary } as Line)) {
    throw wrong("is damaged: its checksum does not agree; count it or send it again");
  }
  try {
    return { names: names as string[], confusion: confusion as number[][], summary: fromBytes(Buffer.from(summary as string, "base64")) };
  } catch (cause) {
    throw wrong(`cannot be read: ${(cause as Error).message}`, cause);
  }
}

const NO_PART = "is no part; expected a line that lovasz sketch count or merge wrote";

function parsed(line: string, wrong: (what: string, cause?: unknown) => LovaszError): Partial<Record<keyof Line, unknown>> {
  try {
    return Object(JSON.parse(line));
  } catch (cause) {
    throw wrong(NO_PART, cause);
  }
}

const checksumOf = ({ format, names, confusion, summary }: Omit<Line, "sha256">) =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify([format, names, confusion, summary]))));

/** All of `parts` in one, the same in whatever order they come; null if there are none. Throws `LovaszError` "data" for what is counted twice. */
export async function mergeParts(parts: AsyncIterable<Found>): Promise<Part | null> {
  const sources = new Map<string, string>();
  let all: Part | null = null;
  for await (const { part, from } of parts) {
    for (const name of part.names) {
      const before = sources.get(name);
      if (before === undefined) sources.set(name, from);
      else throw new LovaszError("data", `${twice(name, before, from)}; merge each part once, or pass other names with --name`);
    }
    all = all ? both(all, part, from) : part;
  }
  return all && { ...all, names: [...sources.keys()].sort() };
}

const twice = (name: string, one: string, other: string) =>
  one === other ? `${one} holds part "${name}" twice` : `part "${name}" is in ${one} and in ${other}`;

function both(one: Part, other: Part, from: string): Part {
  try {
    const summary = merge(one.summary, other.summary);
    return { names: [], confusion: one.confusion.map((row, i) => row.map((count, j) => count + other.confusion[i][j])), summary };
  } catch (cause) {
    throw new LovaszError("data", `${from} does not belong to the parts before: ${(cause as Error).message}`, { cause });
  }
}

/** `part`; throws `LovaszError` "data" unless it holds `expected` parts, if that is given. */
export function checkComplete(part: Part, expected: number | undefined): Part {
  if (expected === undefined || part.names.length === expected) return part;
  const few = part.names.length < expected;
  const cure = few ? `count the others; there are ${part.names.slice(0, 20).join(", ")}` : "raise --expect, or leave out parts";
  throw new LovaszError("data", `there are ${counted(part.names.length, "part")}, but --expect says ${expected}; ${cure}`);
}

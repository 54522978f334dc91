// The lines that a program writes: docs/protocol.md.
import { LawBroken } from "../../fuzz/ask.js";
import type { Honoured } from "../../fuzz/draw/lossCase.js";
import type { Answer, Need } from "../../fuzz/lossCase.js";
import type { Precision } from "../../fuzz/precision.js";
import { describe } from "../../options.js";

/** The version of the protocol. */
export const VERSION = 1;

/** What a program says of its loss. */
export interface Head {
  // names that nobody knows are refused by checkLoss, here and below
  readonly honours?: Honoured[];
  readonly input?: "logits" | "probabilities";
  readonly needs?: Need[];
  readonly classes?: "present" | "all";
  readonly precision?: Precision;
}

const HEAD_FIELDS = ["lovasz", "honours", "input", "needs", "classes", "precision"];

/** Reads the first line. Throws where it is another. */
export function readHead(line: string): Head {
  const head = parsed(line);
  const example = `expected a line like {"lovasz":${VERSION},"honours":["ignore","perImage"],"input":"logits"}`;
  if (head === null || typeof head !== "object" || !("lovasz" in head)) {
    throw new Error(`wrote ${shown(line)} at first, ${example}; print to standard error instead`);
  }
  if (head.lovasz !== VERSION)
    throw new Error(`speaks version ${describe(head.lovasz)} of the protocol, and this command speaks ${VERSION}`);
  const other = Object.keys(head).find((name) => !HEAD_FIELDS.includes(name));
  if (other !== undefined) throw new Error(`has "${other}" in its first line, expected ${HEAD_FIELDS.slice(1).join(", ")}; leave it out`);
  const { honours, input, needs, classes, precision } = head as Record<string, unknown>;
  if (input !== undefined && input !== "logits" && input !== "probabilities") {
    throw new Error(`says that "input" is ${describe(input)}, expected "logits" or "probabilities"`);
  }
  return {
    ...(honours === undefined ? {} : { honours: namesOf("honours", honours) as Honoured[] }),
    ...(input === undefined ? {} : { input }),
    ...(needs === undefined ? {} : { needs: namesOf("needs", needs) as Need[] }),
    ...(classes === undefined ? {} : { classes: classes as Head["classes"] }),
    ...(precision === undefined ? {} : { precision: precision as Precision }),
  };
}

function namesOf(field: string, list: unknown): string[] {
  if (Array.isArray(list) && list.every((name) => typeof name === "string")) return list;
  throw new Error(`says that "${field}" is ${describe(list)}, expected a list of names`);
}

/** An answer: of an error, the `LawBroken` that tells it; and the arguments, where the loss has changed them. */
interface ReadAnswer {
  id: unknown;
  answer: Answer | LawBroken;
  changed: { values?: ArrayLike<number>; labels?: ArrayLike<number> };
}

/** Reads an answer. Throws where the line is none. */
export function readAnswer(line: string): ReadAnswer {
  const answer = parsed(line);
  if (answer === null || typeof answer !== "object" || !("id" in answer)) {
    throw new Error(`wrote ${shown(line)}, expected an answer like {"id":0,"value":0.5,"grad":[0.1,0]}; print to standard error instead`);
  }
  const { id, error, value, grad, values, labels } = answer as Record<string, unknown>;
  if (error !== undefined) return { id, answer: new LawBroken(`the loss threw ${String(error)}`), changed: {} };
  const changed = { ...(Array.isArray(values) ? { values: numbers(values) } : {}), ...(Array.isArray(labels) ? { labels } : {}) };
  return { id, answer: { value: numbers(value), grad: numbers(grad) } as Answer, changed } as ReadAnswer;
}

// JSON has no NaN and no infinities: they are strings. Python writes them bare.
function parsed(line: string): Record<string, unknown> | null {
  for (const text of [line, line.replaceAll(/(?<=[[,:]\s*)-?(NaN|Infinity)(?=\s*[\],}])/g, '"$&"')]) {
    try {
      return JSON.parse(text);
    } catch {}
  }
  return null;
}

const NUMBERS: Record<string, number> = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": Number.NEGATIVE_INFINITY };

function numbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(numbers);
  return typeof value === "string" ? (NUMBERS[value] ?? value) : value;
}

const shown = (line: string) => JSON.stringify(line.length > 80 ? `${line.slice(0, 80)}...` : line);

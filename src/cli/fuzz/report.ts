// What `lovasz fuzz` prints of a check.
import { counted } from "../../counted.js";
import type { CheckOptions, CheckResult, LawResult } from "../../fuzz/index.js";
import type { LossCase } from "../../fuzz/lossCase.js";

/** The line of a law. */
export function lineOf({ law, ok, runs, message }: LawResult): string {
  return ok ? `ok      ${law} (${counted(runs, "run")})` : `broken  ${law} (run ${runs}): ${oneLine(message)}`;
}

/** The causes, each with its simplest case: as code for modules in JavaScript, else as data. */
export function causesInWords({ laws, causes }: CheckResult, asCode: boolean): string {
  const broken = laws.filter(({ ok }) => !ok);
  const paragraphs = causes.map((cause, i) => {
    const shown = broken.find(({ law }) => law === cause.laws[0]);
    const others = cause.laws.length > 1 ? `\n   ${cause.laws.join(", ")}` : "";
    const number = causes.length > 1 ? `${i + 1}. ` : "";
    const title = `${number}${cause.summary}${cause.laws.length > 1 ? `: ${counted(cause.laws.length, "law")}` : ""}${others}`;
    const message = cause.summary === oneLine(shown?.message) ? "" : `${shown?.message}\n\n`;
    return `${title}\n\nthe simplest case that breaks ${cause.laws[0]}:\n\n${message}${caseOf(shown, asCode)}`;
  });
  return paragraphs.join("\n\n");
}

// longer cases fill the screen, and hide what was said above
const MOST_NUMBERS = 200;

function caseOf(shown: LawResult | undefined, asCode: boolean): string {
  const example = shown?.example;
  if (!example) return "";
  const { labels, values, options } = example;
  if (values.length > MOST_NUMBERS) {
    return `${counted(labels.length, "pixel")}, too many to print; --json and --test have them all\noptions: ${JSON.stringify(options)}`;
  }
  return asCode ? (shown.counterexample ?? "") : dataOf(example);
}

/** What programs read: one line of JSON. */
export function forPrograms(
  how: Pick<CheckOptions, "kind" | "honours" | "needs" | "classes" | "precision">,
  { ok, seed, laws, causes }: CheckResult,
): string {
  const rows = laws.map(({ example, ...law }) => (example ? { ...law, example: plainOf(example) } : law));
  return JSON.stringify({ ...how, ok, seed, laws: rows, causes });
}

const oneLine = (message = "") => message.replaceAll(/\s*\n\s*/g, " ");

function dataOf(example: LossCase): string {
  const { values, labels, options } = plainOf(example);
  return `values: ${JSON.stringify(values)}\nlabels: ${JSON.stringify(labels)}\noptions: ${JSON.stringify(options)}`;
}

const plainOf = ({ values, labels, options, salt }: LossCase) => ({
  values: Array.from(values),
  labels: Array.from(labels),
  options,
  salt,
});

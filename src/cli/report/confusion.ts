// Confusion matrices of several classes: where the pixels of each class went.
import { classColour } from "../../model/colours.js";
import { points } from "../run/outcome.js";
import type { Outcome } from "../run/run.js";
import { escapeHtml } from "./escape.js";
import { rgb } from "./html.js";

/** How many classes a matrix shows at most. */
export const MOST_SHOWN = 24;

// of more classes, the matrix is set small and as wide as the page
const ROOMY = 8;

/** The matrix of a loss over all its seeds, in percent of each row; of many classes, those with the most wrong pixels. */
export function confusionTable(outcome: Outcome): string {
  const counts = summed(outcome);
  const shown = mostConfused(counts);
  const all = shown.length === counts.length;
  const head = [...shown.map(nameOf), ...(all ? [] : ["others"])].map((name) => `<th scope="col">${name}</th>`).join("");
  const rows = shown.map((truth) => {
    const total = counts[truth].reduce((sum, count) => sum + count, 0);
    const cells = shown.map((said) => cell(counts[truth][said], total, said === truth));
    const others = total - shown.reduce((sum, said) => sum + counts[truth][said], 0);
    return `<tr><th scope="row">${nameOf(truth)}</th>${cells.join("")}${all ? "" : cell(others, total, false)}</tr>`;
  });
  const look = shown.length > ROOMY ? "matrix dense" : "matrix";
  return `<div class="scroll"><table class="${look}"><caption>${escapeHtml(outcome.loss)}</caption><thead><tr><th scope="col">truth</th>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

/** The confusion matrices of all seeds, added. */
export function summed({ trainings }: Outcome): number[][] {
  return trainings[0].confusion.map((row, truth) =>
    row.map((_, said) => trainings.reduce((sum, { confusion }) => sum + confusion[truth][said], 0)),
  );
}

/** The classes with the most wrong pixels, missed or false, in the order of their numbers. */
export function mostConfused(counts: readonly (readonly number[])[]): number[] {
  const wrong = counts.map((row, label) =>
    row.reduce((sum, count, other) => (other === label ? sum : sum + count + counts[other][label]), 0),
  );
  const ordered = wrong.map((_, label) => label).sort((a, b) => wrong[b] - wrong[a]);
  return ordered.slice(0, MOST_SHOWN).sort((a, b) => a - b);
}

function nameOf(label: number): string {
  return label === 0 ? "0" : `<span class="chip" style="background: ${rgb(classColour(label))}"></span>${label}`;
}

// Text is legible on half of a colour, in light and dark. Errors get a square root, as few pixels matter there.
function cell(count: number, total: number, isRight: boolean): string {
  if (total === 0) return "<td>-</td>";
  const share = count / total;
  const strength = (isRight ? share : Math.sqrt(share)) / 2;
  const shade = count === 0 ? "" : ` style="background: rgb(${isRight ? "25 113 255" : "217 60 22"} / ${strength.toFixed(2)})"`;
  return `<td${shade}>${count === 0 ? "0" : points(share)}</td>`;
}

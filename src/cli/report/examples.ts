// The pictures of the report, each a row: the picture, the truth and what each loss predicts.
import { winner } from "../run/comparison.js";
import { percent } from "../run/outcome.js";
import type { Example, Run } from "../run/run.js";
import { escapeHtml } from "./escape.js";
import { figure, rowOf } from "./html.js";
import { imagePanel, predictionPanel, truthPanel } from "./panels.js";
import { MOST_PICKED } from "./pick.js";

/** The rows, in the order of `pick`, with words on what is shown. */
export function exampleRows({ data, examples, outcomes }: Run): string {
  const losses = outcomes.map(({ loss }) => loss);
  const best = escapeHtml(winner(outcomes).loss);
  const all = data.validation.length;
  const rows = examples.map((example) => exampleRow(example, losses));
  if (all <= MOST_PICKED)
    return [`<p class="soft">All validation pictures, the worst first, by the IoU of ${best}.</p>`, ...rows].join("\n");
  const words = `<p class="soft">Of ${all} validation pictures, the ${rows.length - 2} that ${best} got most wrong, by their IoU, the worst first.</p>`;
  return [words, ...rows.slice(0, -2), '<p class="soft">For comparison: the median picture, and the best.</p>', ...rows.slice(-2)].join(
    "\n",
  );
}

function exampleRow({ sample, predictions, ious }: Example, losses: readonly string[]): string {
  const large = (what: string) => `enlarge ${what} of ${sample.name}`;
  const figures = [
    figure(imagePanel(sample), "picture", "", large("picture")),
    figure(truthPanel(sample), "truth", "", large("truth")),
    ...losses.map((loss, i) =>
      figure(predictionPanel(sample, predictions[i]), loss, `IoU ${percent(ious[i])}`, large(`prediction by ${loss}`)),
    ),
  ];
  return rowOf(sample.name, figures);
}

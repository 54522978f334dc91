// The tables of results, in the terminal and in the report.
import { comparisons } from "./comparison.js";
import { percent, points, score } from "./outcome.js";
import type { Outcome, Run } from "./run.js";
import { bestTraining, meanClassIoUs, meanMeasure, meanOf, worstTraining } from "./statistics.js";

/** A table of text: the headings, and the rows below them. */
export interface TextTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A row for each loss, the highest mean IoU first; with several seeds, means and standard deviations over them. */
export function scoreTable(outcomes: readonly Outcome[]): TextTable {
  const ordered = [...outcomes].sort((a, b) => meanMeasure(b, "iou") - meanMeasure(a, "iou"));
  const scores = (one: Outcome) => [score(one, "meanImageIoU"), score(one, "dice")];
  const seconds = ({ trainings }: Outcome) => meanOf(trainings.map((one) => one.seconds)).toFixed(1);
  if (outcomes.every(({ trainings }) => trainings.length === 1)) {
    const headings = ["loss", "IoU", "mean image IoU", "Dice", "best epoch", "seconds"];
    const rows = ordered.map((one) => [one.loss, score(one, "iou"), ...scores(one), String(bestTraining(one).bestEpoch), seconds(one)]);
    return { headings, rows };
  }
  const headings = ["loss", "seeds", "IoU", "worst IoU", "mean image IoU", "Dice", "seconds a seed"];
  const rows = ordered.map((one) => {
    const worst = worstTraining(one);
    const seeds = String(one.trainings.length);
    return [one.loss, seeds, score(one, "iou"), `${percent(worst.iou)} (seed ${worst.seed})`, ...scores(one), seconds(one)];
  });
  return { headings, rows };
}

/** A row for each class, of which there may be `names`, and a column for each loss: the mean IoU over seeds, of all validation pictures. */
export function classTable(outcomes: readonly Outcome[], names: readonly string[] | null): TextTable {
  const columns = outcomes.map(meanClassIoUs);
  const text = (iou: number | null) => (iou === null ? "absent" : percent(iou));
  const rows = columns[0].map((_, label) => [
    names ? `${label} ${names[label]}` : String(label),
    ...columns.map((ious) => text(ious[label])),
  ]);
  return { headings: ["class", ...outcomes.map(({ loss }) => `IoU by ${loss}`)], rows };
}

/**
 * A row for each loss but the winner: how far the winner is ahead of it, in percentage points, with intervals of 95 %. No rows where all
 * losses have one seed.
 */
export function differenceTable(outcomes: readonly Outcome[]): TextTable {
  const ious = comparisons(outcomes, "iou").filter(({ seeds }) => seeds > 1);
  const images = comparisons(outcomes, "meanImageIoU").filter(({ seeds }) => seeds > 1);
  const headings = ["compared", "IoU (95 % interval)", "verdict", "mean image IoU (95 % interval)", "verdict"];
  const rows = ious.map((one, i) => {
    const both = [one, images[i]].flatMap((each) => [
      `${points(each.mean)} (${points(each.low)} to ${points(each.high)})`,
      each.verdict as string,
    ]);
    return [`${one.loss} - ${one.rival}`, ...both];
  });
  return { headings, rows };
}

/** The tables of a run as lines of text: the scores, what the differences say, and the classes where there are some. */
export async function tables({ outcomes, recipe, data }: Pick<Run, "outcomes" | "recipe" | "data">): Promise<string> {
  const differences = differenceTable(outcomes);
  const hasClasses = recipe.task.classes !== null;
  const shown = [
    scoreTable(outcomes),
    ...(differences.rows.length > 0 ? [differences] : []),
    ...(hasClasses ? [classTable(outcomes, data.classNames)] : []),
  ];
  return (await Promise.all(shown.map(drawn))).join("\n");
}

async function drawn({ headings, rows }: TextTable): Promise<string> {
  const { default: Table } = await import("cli-table3");
  const colAligns = headings.map((_, i): "left" | "right" => (i === 0 ? "left" : "right"));
  // no colours: the output may go to a file
  const lines = new Table({ head: [...headings], colAligns, style: { head: [], border: [] } });
  lines.push(...rows.map((row) => [...row]));
  return lines.toString();
}

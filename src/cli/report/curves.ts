// The curves of a run: what is measured after each epoch, for each loss over its seeds.
import type { Epoch } from "../model/course.js";
import type { Outcome } from "../run/run.js";
import { meanOf } from "../run/statistics.js";

/** One chart: a line for each loss, one value an epoch; null where a loss has none. */
export interface Chart {
  readonly id: string;
  readonly label: string;
  /** The epochs, then the values of each loss; with several seeds their means, then the lowest of each loss, then the highest of each. */
  readonly data: (number | null)[][];
  /** Whether values are fractions, from 0 to 1. */
  readonly fraction: boolean;
}

/** The charts of the report. An epoch that not all seeds have, as some ended early, counts those that have it. */
export function curves(outcomes: readonly Outcome[]): Chart[] {
  return [
    { id: "iou", label: "validation IoU", data: dataOf(outcomes, "iou"), fraction: true },
    { id: "loss", label: "training loss", data: dataOf(outcomes, "loss"), fraction: false },
  ];
}

/** Whether a loss has several seeds, so that its line is a mean and has a band. */
export function isBanded(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ trainings }) => trainings.length > 1);
}

/** How many epochs the longest training has. */
export function longest(outcomes: readonly Outcome[]): number {
  return Math.max(...outcomes.flatMap(({ trainings }) => trainings.map(({ epochs }) => epochs.length)));
}

function dataOf(outcomes: readonly Outcome[], key: "iou" | "loss"): (number | null)[][] {
  const epochs = Array.from({ length: longest(outcomes) }, (_, i) => i + 1);
  const lines = (summary: (values: number[]) => number) =>
    outcomes.map(({ trainings }) => epochs.map((_, i) => summaryAt(trainings, i, key, summary)));
  if (!isBanded(outcomes)) return [epochs, ...lines(meanOf)];
  return [epochs, ...lines(meanOf), ...lines((values) => Math.min(...values)), ...lines((values) => Math.max(...values))];
}

function summaryAt(
  trainings: readonly { epochs: readonly Epoch[] }[],
  at: number,
  key: "iou" | "loss",
  summary: (values: number[]) => number,
): number | null {
  const values = trainings.flatMap(({ epochs }) => (epochs.length > at ? [epochs[at][key]] : []));
  // a chart shows no more digits
  return values.length === 0 ? null : Number(summary(values).toPrecision(6));
}

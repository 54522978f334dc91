// docs/learning.svg: the IoU of each loss on each data set, every seed a small point and their mean a large one.
import { CHOSEN, drawPlot, RIVAL } from "../pictures/look.mjs";

/** The plot as SVG. `sets`: a list of { title, chosen, scores }, with the measures of each seed by loss, as `measure` gives them. */
export const plot = (sets) => drawPlot({ columns: 2, spacing: { row: 24, column: 24 }, concat: sets.map(panel) });

function panel({ title, chosen, scores }) {
  const values = Object.entries(scores).flatMap(([loss, seeds]) => seeds.map(({ IoU }) => ({ loss, iou: 100 * IoU })));
  const colour = { condition: { test: `datum.loss === ${JSON.stringify(chosen)}`, value: CHOSEN }, value: RIVAL };
  const y = { field: "loss", type: "nominal", sort: null, title: null, axis: { labelLimit: 200, ticks: false, domain: false, grid: true } };
  const x = { field: "iou", type: "quantitative", title: "IoU, %", scale: { zero: false, nice: true, padding: 8 }, axis: { tickCount: 5 } };
  return {
    title,
    width: 260,
    height: { step: 26 },
    data: { values },
    layer: [
      { mark: { type: "point", filled: true, size: 22, opacity: 0.7 }, encoding: { x, y, color: colour } },
      {
        transform: [{ aggregate: [{ op: "mean", field: "iou", as: "iou" }], groupby: ["loss"] }],
        mark: { type: "point", filled: true, size: 110, opacity: 1 },
        encoding: { x, y, color: colour },
      },
    ],
  };
}

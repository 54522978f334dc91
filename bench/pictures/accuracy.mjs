// docs/accuracy.svg: how far an entry of the gradient is from float64, as the number of pixels grows.
import { lovaszHinge, valueAndGrad } from "../../dist/index.js";
import { binaryLabels, normals } from "../random.mjs";
import { exact, hinge, published } from "../reference.mjs";
import { CHOSEN, drawPlot, RIVAL } from "./look.mjs";
import { save } from "./save.mjs";

export const title = "The hinge with 20 % positive pixels: the largest relative error of an entry of the gradient";
const [OURS, THEIRS] = ["lovasz", "float32 differences"];

/** Rows: pixels, and the error of either arithmetic; at the end it writes the picture. */
export async function* run() {
  const points = [];
  for (let power = 6; power <= 22; power += 2) {
    const n = 2 ** power;
    const [logits, labels] = [normals(n, power), binaryLabels(n, 0.2, 1)];
    const truth = hinge(logits, labels, exact).gradient;
    const ours = worst(valueAndGrad(lovaszHinge)(logits, labels).grad, truth);
    const theirs = worst(hinge(logits, labels, published).gradient, truth);
    points.push({ pixels: n, error: ours, arithmetic: OURS }, { pixels: n, error: theirs, arithmetic: THEIRS });
    yield { pixels: `2^${power}`, [OURS]: ours.toExponential(1), [THEIRS]: theirs.toExponential(1) };
  }
  save("accuracy.svg", await drawPlot(plot(points)));
}

const worst = (gradient, truth) => truth.reduce((most, right, i) => (right ? Math.max(most, Math.abs(gradient[i] / right - 1)) : most), 0);

const plot = (values) => ({
  width: 520,
  height: 240,
  data: { values },
  mark: { type: "line", point: true },
  encoding: {
    x: { field: "pixels", type: "quantitative", scale: { type: "log", base: 2 }, axis: { grid: false, tickCount: 9, labelExpr: "'2^' + log(datum.value) / LN2" } },
    y: { field: "error", type: "quantitative", title: "largest relative error", scale: { type: "log" }, axis: { labelExpr: "'10^' + format(log(datum.value) / LN10, 'd')", tickCount: 5 } },
    color: { field: "arithmetic", type: "nominal", scale: { domain: [OURS, THEIRS], range: [CHOSEN, RIVAL] }, legend: { orient: "top" } },
  },
}); // biome-ignore format: one line

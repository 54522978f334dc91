// docs/time.svg: the time of a pixel in the hinge and its gradient, as the number of pixels grows.
import { cpus } from "node:os";
import { lovaszHinge, valueAndGrad } from "../../dist/index.js";
import { native } from "../peers/peer.mjs";
import { binaryLabels, normals } from "../random.mjs";
import { inTurns, median, nanoseconds } from "../timing.mjs";
import { CHOSEN, drawPlot, RIVAL, THIRD } from "./look.mjs";
import { save } from "./save.mjs";

export const title = "The hinge with its gradient on one thread, from plain arrays to plain arrays: time of a pixel";
const [EXACT, HISTOGRAM, NATIVE] = ["exact", "histogram", "C++ radix sort, -O3"];
const COLOURS = { [EXACT]: CHOSEN, [HISTOGRAM]: THIRD, [NATIVE]: RIVAL };

/** Rows: pixels, and the time of each; at the end it writes the picture. */
export async function* run() {
  const points = [];
  for (let power = 12; power <= 24; power += 2) {
    const pixels = 2 ** power;
    const [logits, labels, out] = [normals(pixels, power), binaryLabels(pixels, 0.2, 2), new Float32Array(pixels)];
    const peer = native(logits, labels);
    const entries = {
      [EXACT]: () => valueAndGrad(lovaszHinge)(logits, labels, { out }),
      [HISTOGRAM]: () => valueAndGrad(lovaszHinge)(logits, labels, { out, method: "histogram" }),
      [NATIVE]: peer,
    };
    const times = Object.entries(await inTurns(entries, { rounds: power < 22 ? 61 : 15, warm: power < 16 ? 100 : 3 }));
    peer?.end();
    for (const [method, own] of times) points.push({ pixels, time: (1e6 * median(own)) / pixels, method });
    yield { pixels: `2^${power}`, ...Object.fromEntries(times.map(([method, own]) => [method, nanoseconds(median(own), pixels)])) };
  }
  save("time.svg", await drawPlot(plot(points)));
}

const plot = (values) => ({
  title: { text: `${cpus()[0].model}, Node ${process.version}`, fontWeight: "normal", fontSize: 11 },
  width: 520,
  height: 240,
  data: { values },
  mark: { type: "line", point: true },
  encoding: {
    x: { field: "pixels", type: "quantitative", scale: { type: "log", base: 2 }, axis: { grid: false, tickCount: 8, labelExpr: "'2^' + log(datum.value) / LN2" } },
    y: { field: "time", type: "quantitative", title: "nanoseconds a pixel" },
    color: { field: "method", type: "nominal", scale: { domain: Object.keys(COLOURS), range: Object.values(COLOURS) }, legend: { orient: "top" } },
  },
}); // biome-ignore format: one line

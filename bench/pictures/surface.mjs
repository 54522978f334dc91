// docs/surface.svg: the Lovász extension of the Jaccard loss over the errors of two pixels, for each number of positive ones.
import { lovaszExtension } from "../../dist/index.js";
import { draw, GREY } from "./look.mjs";
import { save } from "./save.mjs";

export const title = "The Lovász extension for two pixels: its value where errors are 0 or 1, which is the Jaccard loss";
const PANELS = [
  ["both positive", [1, 1]],
  ["one positive, one negative", [1, 0]],
  ["both negative", [0, 0]],
];
const [STEPS, WIDTH, HEIGHT] = [10, 240, 240];

/** Rows: the labels, and the loss at the corners; at the end it writes the picture. */
export async function* run() {
  for (const [name, labels] of PANELS) {
    const at = (first, second) => extension(first, second, labels).toFixed(3);
    yield { labels: name, "errors 0 0": at(0, 0), "1 0": at(1, 0), "0 1": at(0, 1), "1 1": at(1, 1) };
  }
  const marks = PANELS.flatMap(([name, labels], i) => panel(name, labels, i * WIDTH));
  save("surface.svg", await draw({ width: PANELS.length * WIDTH, height: HEIGHT, padding: 4, marks }));
}

const extension = (first, second, labels) => lovaszExtension(Float32Array.of(first, second), labels).item();

// the errors run to the back, on the right and on the left; the loss runs upwards
const project = (first, second, loss) => [WIDTH / 2 + 88 * (first - second), 206 - 34 * (first + second) - 90 * loss];

function panel(name, labels, left) {
  const place = (...point) => {
    const [x, y] = project(...point);
    return [left + x, y];
  };
  const line = (...points) => `M${points.map((point) => place(...point).map((value) => value.toFixed(1))).join("L")}`;
  const path = (d, style) => ({ type: "path", aria: false, encode: { enter: { path: { value: d }, ...values(style) } } });
  const text = (words, [x, y], style = {}) => ({
    type: "text",
    aria: false,
    encode: { enter: values({ text: words, x, y, fill: GREY, fontSize: 11, align: "center", font: "sans-serif", ...style }) },
  });
  const patches = [];
  // those at the back come first, and what is drawn later covers them
  for (let sum = 2 * STEPS - 2; sum >= 0; sum--) {
    for (let i = Math.max(0, sum - STEPS + 1); i <= Math.min(sum, STEPS - 1); i++) {
      const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([a, b]) => [(i + a) / STEPS, (sum - i + b) / STEPS]); // biome-ignore format: one line
      const points = corners.map(([first, second]) => [first, second, extension(first, second, labels)]);
      const height = points.reduce((total, [, , loss]) => total + loss / 4, 0);
      patches.push(path(`${line(...points)}Z`, { fill: colour(height), stroke: colour(height - 0.15), strokeWidth: 0.6 }));
    }
  }
  const corners = [[0, 0], [1, 0], [0, 1], [1, 1]].map(([a, b]) => [a, b, extension(a, b, labels)]); // biome-ignore format: one line
  const floor = path(`${line([0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0])}Z`, { stroke: GREY, strokeWidth: 1, strokeOpacity: 0.6 });
  const posts = corners.map(([a, b, loss]) => path(line([a, b, 0], [a, b, loss]), { stroke: GREY, strokeWidth: 1, strokeDash: [3, 3] }));
  // beside the surface: below the corner in front, above the others and off the middle
  const label = (a, b, loss) => {
    const [x, y] = place(a, b, loss);
    return [x + 14 * (a - b), a + b === 0 ? y + 15 : y - 6];
  };
  const [right, side] = [place(0.5, 0, 0), place(0, 0.5, 0)];
  return [
    text(name, [left + WIDTH / 2, 12], { fontSize: 13, fontWeight: "bold" }),
    floor,
    ...posts,
    ...patches,
    ...corners.map(([a, b, loss]) => text(String(Number(loss.toFixed(2))), label(a, b, loss), { fontWeight: "bold" })),
    text("first error", [right[0] + 16, right[1] + 20]),
    text("second error", [side[0] - 16, side[1] + 20]),
  ];
}

const values = (style) => Object.fromEntries(Object.entries(style).map(([name, value]) => [name, { value }]));

// from blue to orange, as the loss grows
function colour(height) {
  const share = Math.min(1, Math.max(0, height));
  const mix = (from, to) => Math.round(from + share * (to - from));
  return `rgb(${mix(11, 240)},${mix(100, 160)},${mix(170, 60)})`;
}

// The script of the report: two uPlot charts of the numbers that the page holds as JSON.

/** Colours of the losses' lines, in their order; legible on light and dark. */
export const LINES = [
  ["#2f83d9", "#e07a10", "#1b9e77", "#b35fc8", "#d1495b"],
  ["#8c8c00", "#00a0b0", "#6c6ce0", "#e0659f", "#9a7b5f"],
].flat();

/** Script that draws `window.uPlot` charts; reads { names, colours, charts, banded } from the element #run. */
export const SCRIPT = `
const { names, colours, charts, banded } = JSON.parse(document.getElementById("run").textContent);
const root = document.documentElement;
const ink = (name) => () => getComputedStyle(root).getPropertyValue(name).trim();
const font = "12px system-ui, sans-serif";
const axis = { stroke: ink("--soft"), grid: { stroke: ink("--line"), width: 1 }, ticks: { show: false }, font, labelFont: font, labelSize: 22 };
// on paper, two charts stand side by side
let paper = null;
const plots = charts.map(({ id, label, data, fraction }) => {
  const box = document.getElementById(id);
  const text = (value) => (value == null ? "-" : fraction ? (100 * value).toFixed(1) + " %" : value.toFixed(4));
  const [low, high] = [1, 2].map((part) => (i) => i + part * names.length);
  const read = (u, value, i, at) => text(value) + (banded && value != null ? " (" + text(u.data[low(i)][at]) + " to " + text(u.data[high(i)][at]) + ")" : "");
  const colour = (i) => colours[i % colours.length];
  const lines = names.map((name, i) => ({
    label: name,
    stroke: colour(i),
    width: 2,
    // where colours repeat, dashes differ
    dash: [[], [9, 4], [2, 4], [9, 3, 2, 3]][(i + Math.floor(i / colours.length)) % 4],
    points: { show: data[0].length < 20, size: 6 },
    value: read,
  }));
  const edges = banded ? [...names, ...names].map((name) => ({ label: name, class: "edge", points: { show: false } })) : [];
  const bands = banded ? names.map((_, i) => ({ series: [high(i + 1), low(i + 1)], fill: colour(i) + "38" })) : [];
  const size = () => paper ?? { width: box.clientWidth, height: 280 };
  const y = fraction ? { range: (u, low, high) => [Math.max(0, Math.floor(low * 10 - 0.2) / 10), Math.min(1, Math.ceil(high * 10 + 0.2) / 10)] } : {};
  // a band comes and goes with its line
  const setSeries = (u, i, { show }) => {
    if (banded && i <= names.length && show !== undefined) for (const edge of [low(i), high(i)]) u.setSeries(edge, { show });
  };
  const plot = new uPlot({
    ...size(),
    scales: { x: { time: false, range: (u, low, high) => (low === high ? [low - 1, high + 1] : [low, high]) }, y },
    axes: [
      { ...axis, label: "epoch", size: 30, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
      { ...axis, label, size: 54, values: (u, ticks) => ticks.map((tick) => (fraction ? Math.round(100 * tick) + " %" : String(Number(tick.toPrecision(6))))) },
    ],
    series: [{ label: "epoch" }, ...lines, ...edges],
    bands,
    hooks: { setSeries: [setSeries] },
  }, data, box);
  const draw = () => plot.setSize(size());
  new ResizeObserver(draw).observe(box);
  return { plot, draw };
});
const redraw = () => plots.forEach(({ plot }) => plot.redraw());
for (const media of ["(prefers-color-scheme: dark)", "print"]) matchMedia(media).addEventListener("change", redraw);
// the page is laid out for paper only after this event
const print = (size) => () => {
  paper = size;
  root.classList.toggle("paper", size !== null);
  plots.forEach(({ draw }) => draw());
  redraw();
};
addEventListener("beforeprint", print({ width: 300, height: 190 }));
addEventListener("afterprint", print(null));
`;

// The script of the report: two uPlot charts of the numbers that the page holds as JSON.

/** Colours of the losses' lines, in their order; legible on light and dark. */
export const LINES = [
  ["#2f83d9", "#e07a10", "#1b9e77", "#b35fc8", "#d1495b"],
  ["#8c8c00", "#00a0b0", "#6c6ce0", "#e0659f", "#9a7b5f"],
].flat();

/** One chart: a line for each loss, one value an epoch; null where a loss has none. */
export interface Chart {
  id: string;
  label: string;
  /** The epochs, then the values of each loss. */
  data: (number | null)[][];
  /** Whether values are fractions, from 0 to 1. */
  fraction: boolean;
}

/** Script that draws `window.uPlot` charts; reads { names, colours, charts } from the element #run. */
export const SCRIPT = `
const { names, colours, charts } = JSON.parse(document.getElementById("run").textContent);
const ink = (name) => () => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const axis = { stroke: ink("--soft"), grid: { stroke: ink("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif", labelFont: "12px system-ui, sans-serif", labelSize: 22 };
const plots = charts.map(({ id, label, data, fraction }) => {
  const box = document.getElementById(id);
  const read = (u, value) => (value == null ? "-" : fraction ? (100 * value).toFixed(1) + " %" : value.toFixed(4));
  const lines = names.map((name, i) => ({
    label: name,
    stroke: colours[i % colours.length],
    width: 2,
    // where colours repeat, dashes differ
    dash: [[], [9, 4], [2, 4], [9, 3, 2, 3]][(i + Math.floor(i / colours.length)) % 4],
    points: { show: data[0].length < 20, size: 6 },
    value: read,
  }));
  const size = () => ({ width: box.clientWidth, height: 280 });
  const y = fraction ? { range: (u, low, high) => [Math.max(0, Math.floor(low * 10 - 0.2) / 10), Math.min(1, Math.ceil(high * 10 + 0.2) / 10)] } : {};
  const plot = new uPlot({
    ...size(),
    scales: { x: { time: false, range: (u, low, high) => (low === high ? [low - 1, high + 1] : [low, high]) }, y },
    axes: [
      { ...axis, label: "epoch", size: 30, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
      { ...axis, label, size: 54, values: (u, ticks) => ticks.map((tick) => (fraction ? Math.round(100 * tick) + " %" : String(Number(tick.toPrecision(6))))) },
    ],
    series: [{ label: "epoch" }, ...lines],
  }, data, box);
  new ResizeObserver(() => plot.setSize(size())).observe(box);
  return plot;
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plots.forEach((plot) => plot.redraw()));
`;

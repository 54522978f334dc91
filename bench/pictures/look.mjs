// How the pictures of docs/ look, on white and on dark backgrounds alike.
import { parse, View } from "vega";
import { compile } from "vega-lite";

// as far from white as from the dark background of GitHub
export const GREY = "#787c82";
// of Okabe and Ito, which the colour-blind tell apart
export const [CHOSEN, RIVAL, THIRD] = ["#d55e00", "#0b84c6", "#009e73"];

const config = {
  font: "sans-serif",
  view: { stroke: null },
  title: { color: GREY, fontSize: 13, anchor: "start", frame: "group" },
  legend: { labelColor: GREY, labelFontSize: 12, labelLimit: 0, title: null, symbolType: "stroke", symbolStrokeWidth: 2 },
  axis: { labelColor: GREY, titleColor: GREY, tickColor: GREY, domainColor: GREY, gridColor: GREY, gridOpacity: 0.25, labelFontSize: 12, titleFontWeight: "normal" },
}; // biome-ignore format: one line

/** A plot of vega-lite as SVG. */
export const drawPlot = (plot) => draw(compile({ background: null, ...plot, config }).spec);

/** A picture of vega as SVG. */
export const draw = (spec) => new View(parse(spec), { renderer: "none" }).toSVG();

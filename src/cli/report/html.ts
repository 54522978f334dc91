// Pieces of the pages: their head, tables, figures, and the key of colours.
import { CLASS_COLOURS, classColour } from "../../model/colours.js";
import type { TextTable } from "../run/table.js";
import { escapeHtml } from "./escape.js";
import { COLOURS, type Panel } from "./panels.js";

/** The beginning of a page, down to its body; `title` is text. */
export function headOf(title: string, policy: string, style: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>`;
}

/** A table of text, which scrolls in a box of its own. If it is `ranked`, its first row is highlighted as the best. */
export function tableOf({ headings, rows }: TextTable, { ranked = false } = {}): string {
  const rowOf = (tag: string, texts: readonly string[]) => texts.map((text) => `<${tag}>${unbroken(text)}</${tag}>`).join("");
  const body = rows.map((row) => `<tr>${rowOf("td", row)}</tr>`);
  return `<div class="scroll"><table${ranked ? ' class="ranked"' : ""}><thead><tr>${rowOf("th", headings)}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

/** `text` as it may stand in HTML, its measures such as "48.3 ± 1.0 %" on one line. */
export function unbroken(text: string): string {
  return escapeHtml(text).replace(/ (?=[±%])|(?<=±) /g, "&nbsp;");
}

/** The `panel` with a `caption`, and a `value` below it; as a button that enlarges it where `button` says what is enlarged. */
export function figure({ url, width, height, sharp }: Panel, caption: string, value = "", button = ""): string {
  const strong = value && `<br><b>${escapeHtml(value)}</b>`;
  const look = sharp ? ' class="sharp"' : "";
  const image = `<img${look} src="${url}" width="${width}" height="${height}" alt="${escapeHtml(caption)}">`;
  const shown = button && `<button type="button" class="panel" aria-label="${escapeHtml(button)}" aria-haspopup="dialog">${image}</button>`;
  return `<figure>${shown || image}<figcaption>${escapeHtml(caption)}${strong}</figcaption></figure>`;
}

/** The figures of one picture, side by side below its `name`. */
export function rowOf(name: string, figures: readonly string[]): string {
  return `<div class="row"><h3>${escapeHtml(name)}</h3><div class="panels">${figures.join("")}</div></div>`;
}

/** A colour as CSS has it. */
export const rgb = (colour: readonly number[]) => `rgb(${colour.join(" ")})`;
const HATCH = `repeating-linear-gradient(135deg, ${rgb(COLOURS.ignored)} 0 2px, #333 2px 4px)`;
const IGNORED_KEY = ["ignored", HATCH];

/** What the colours of a prediction mean. */
export function keyOfPredictions(classes: number | null): string {
  return key([
    ...classColours(classes).map(([name, colour]) => [classes === null ? "correct" : `${name} correct`, colour]),
    ["missed", rgb(COLOURS.missed)],
    ["false alarm", rgb(COLOURS.falseAlarm)],
    ...(classes === null ? [] : [["taken for another class", rgb(COLOURS.confused)]]),
    IGNORED_KEY,
  ]);
}

/** What the colours of a mask mean. */
export function keyOfLabels(classes: number | null): string {
  return key([...classColours(classes), IGNORED_KEY]);
}

function key(entries: readonly string[][]): string {
  const items = entries.map(([name, background]) => `<li><span class="chip" style="background: ${background}"></span>${name}</li>`);
  return `<ul class="legend">${items.join("")}</ul>`;
}

function classColours(classes: number | null): string[][] {
  if (classes === null) return [["foreground", rgb(classColour(1))]];
  return CLASS_COLOURS.slice(0, classes - 1).map((colour, i) => [sharing(i, classes), rgb(colour)]);
}

// the classes that share the colour at `index`
function sharing(index: number, classes: number): string {
  const all: number[] = [];
  for (let one = index + 1; one < classes; one += CLASS_COLOURS.length) all.push(one);
  return `${all.length > 1 ? "classes" : "class"} ${all.slice(0, 4).join(", ")}${all.length > 4 ? ", ..." : ""}`;
}

// What the colours of masks mean, where a file names the class of each.
import { counted } from "../../counted.js";
import { LovaszError } from "../../index.js";
import { type Colours, hexOf } from "./colours.js";
import { type Labelling, type LabelOptions, type MaskScan, refuseTransparent } from "./labelling.js";
import { COLOUR } from "./maskValues.js";

/**
 * The rule for masks whose colours are classes. Throws `LovaszError` "data" for a colour that the file does not name: it names the mask,
 * the colour, its pixels, and the nearest colour that has a class.
 */
export function colourLabelling(scans: readonly MaskScan[], { colours }: LabelOptions): Labelling {
  const { labels, file } = colours as Colours;
  for (const scan of scans) {
    refuseTransparent(scan, []);
    refuseUnnamed(scan, colours as Colours);
  }
  const labelOf = (value: number) => {
    const label = labels.get(value - COLOUR);
    if (label !== undefined) return label;
    const what = `a mask has the colour ${hexOf(value - COLOUR)}, which ${file} does not name`;
    throw new LovaszError("data", `${what}, as it was changed while it was used; start again`);
  };
  return { labelOf, doubts: [] };
}

function refuseUnnamed({ file, counts }: MaskScan, colours: Colours): void {
  const unnamed = [...counts].map(([value, count]) => ({ rgb: value - COLOUR, count })).filter(({ rgb }) => !colours.labels.has(rgb));
  if (unnamed.length === 0) return;
  const { rgb, count } = unnamed.reduce((most, one) => (one.count > most.count ? one : most));
  const more = unnamed.length > 1 ? ` (and pixels of ${counted(unnamed.length - 1, "other colour")} that it does not name)` : "";
  const what = `has ${counted(count, "pixel")} of ${hexOf(rgb)}, which ${colours.file} does not name${more}`;
  const cure = isNumbers(counts, colours)
    ? "if these are class numbers, leave out --colours and pass --classes"
    : "add it to that file, as a class or as ignored, or save the mask as PNG without smoothed edges";
  throw new LovaszError("data", `${file} ${what}; the nearest that it names is ${nearestTo(rgb, colours)}; ${cure}`);
}

// grey values that are as small as classes, or the 255 that often marks ignored pixels
function isNumbers(counts: MaskScan["counts"], { classes }: Colours): boolean {
  return [...counts.keys()].every((value) => {
    const grey = (value - COLOUR) / 0x010101;
    return Number.isInteger(grey) && (grey < classes || grey === 255);
  });
}

function nearestTo(rgb: number, { labels, names }: Colours): string {
  const [nearest, label] = [...labels].reduce((best, one) => (distance(one[0], rgb) < distance(best[0], rgb) ? one : best));
  const name = names?.[label];
  return name === undefined ? hexOf(nearest) : `${hexOf(nearest)} (${name})`;
}

// squared, of two colours 0xrrggbb
function distance(a: number, b: number): number {
  return [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);
}

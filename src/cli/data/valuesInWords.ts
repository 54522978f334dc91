// The values of masks as a person would tell them: which there are, and whether those in between look like noise.
import { brightness, COLOUR } from "./maskValues.js";

/** JPEG files change values by so much and hardly more, where full brightness is 255. */
export const NOISE = 12;

// more are not listed one by one
const MOST_LISTED = 5;

/** For example "0, 100 and 255", or "0, 255 and 41 values in between, most within 12 of them"; `white` is full brightness. */
export function valuesInWords(counts: ReadonlyMap<number, number>, white: number): string {
  const values = [...counts.keys()].sort((a, b) => a - b);
  if (values.length <= MOST_LISTED) return listed(values.map(valueInWords));
  if (values[values.length - 1] >= COLOUR) return `${values.length} colours`;
  const [least, most] = [values[0], values[values.length - 1]];
  const between = values.slice(1, -1);
  const noise = noiseOf(white);
  const near = between.filter((value) => value - least <= noise || most - value <= noise);
  const pixels = (some: readonly number[]) => some.reduce((sum, value) => sum + (counts.get(value) ?? 0), 0);
  const how = 2 * pixels(near) > pixels(between) ? `, most within ${noise} of them` : "";
  return `${least}, ${most} and ${between.length} values in between${how}`;
}

/** How far from a value JPEG noise lies, of values up to `white`. */
export function noiseOf(white: number): number {
  return Math.round((NOISE * white) / 255);
}

/** `texts` with commas and a last "and". */
export function listed(texts: readonly string[]): string {
  if (texts.length < 2) return texts.join("");
  return `${texts.slice(0, -1).join(", ")} and ${texts[texts.length - 1]}`;
}

/** A value, of a colour as #rrggbb. */
export function valueInWords(value: number): string {
  return value < COLOUR ? String(value) : `#${(value - COLOUR).toString(16).padStart(6, "0")}`;
}

/**
 * The threshold that parts background from foreground among the values of `counts`: where they lie in clusters with wide gaps
 * between them, as noise around a few values does, the middle of the gap above the background (half of `white`, where that lies
 * in it); otherwise half of the largest, as for soft edges.
 */
export function thresholdFor(counts: ReadonlyMap<number, number>, white: number): number {
  const values = [...new Set([...counts.keys()].map(brightness))].sort((a, b) => a - b);
  const gaps = values.slice(1).flatMap((value, i) => (value - values[i] > 2 * noiseOf(white) ? [[values[i], value]] : []));
  const half = Math.ceil(white / 2);
  const clustered = gaps.length > 0 && values.length > 2 * (gaps.length + 1);
  if (!clustered) return Math.max(1, Math.ceil(values[values.length - 1] / 2));
  const [below, above] = gaps[0];
  return below < half && half <= above ? half : Math.ceil((below + above) / 2);
}

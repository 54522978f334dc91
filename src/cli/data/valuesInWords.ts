// The values of masks in words: which there are, and whether those in between look like noise.
import { brightness, COLOUR } from "./maskValues.js";

/** JPEG files hardly change values by more, where full brightness is 255. */
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
  // says nothing where all values are that close
  const how = most - least > 4 * noise && 2 * pixels(near) > pixels(between) ? `, most within ${noise} of them` : "";
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

// A value is common if it has this share of the foreground, with the noise around it.
const LEVEL = 0.12;
// between background and level lies at most this share of the level's pixels
const VALLEY = 0.25;

/**
 * The threshold that separates background from foreground among the values of `counts`. Where few pixels lie between the background
 * and the lowest common value, as with noise around a dim instance, it is half of `white` if that lies between them and is rare, else
 * the rarest value between them. Otherwise it is half of the largest value, as for soft edges.
 */
export function thresholdFor(counts: ReadonlyMap<number, number>, white: number): number {
  const noise = noiseOf(white);
  const pixels = new Map<number, number>();
  for (const [value, count] of counts) pixels.set(brightness(value), (pixels.get(brightness(value)) ?? 0) + count);
  const values = [...pixels.keys()].sort((a, b) => a - b);
  const within = (from: number, to: number) =>
    values.reduce((sum, value) => (value >= from && value <= to ? sum + (pixels.get(value) ?? 0) : sum), 0);
  const around = (value: number) => within(value - noise / 2, value + noise / 2);
  const most = values[values.length - 1];
  const foreground = within(1.25 * noise, most);
  const half = Math.max(1, Math.ceil(most / 2));
  const level = values.find(
    (value) => value > 1.25 * noise && around(value) >= LEVEL * foreground && around(value) >= around(value + noise / 2),
  );
  if (level === undefined) return half;
  const steps = Array.from({ length: 64 }, (_, i) => Math.round(noise + ((level - 1.5 * noise) * (i + 0.5)) / 64));
  const candidates = [...new Set(steps)].filter((step) => step > noise && step < level);
  if (candidates.length === 0) return half;
  const least = Math.min(...candidates.map(around));
  if (least > VALLEY * around(level)) return half;
  const middle = Math.ceil(white / 2);
  if (middle < level - noise && around(middle) <= VALLEY * around(level)) return middle;
  const best = candidates.filter((step) => around(step) === least);
  return best[best.length >> 1];
}

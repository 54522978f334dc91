// What a mask or a map of class numbers says of each pixel, as one number: before anyone knows which of them are foreground.
import type { Raster } from "./raster.js";

/** Values from here on are colours: COLOUR + 0xrrggbb. Grey is its own value also where it is stored as a colour. */
export const COLOUR = 2 ** 24;

/** A number for each pixel, row by row. */
export interface MaskValues {
  readonly width: number;
  readonly height: number;
  /** What the numbers are: grey values, indices of a palette, alpha, or colours. */
  readonly kind: "grey" | "index" | "alpha" | "colour";
  readonly values: Uint8Array | Uint16Array | Uint32Array;
  /** The value of full brightness. */
  readonly white: number;
  /** Whether the compression changed the values, as JPEG does. */
  readonly lossy: boolean;
  /** Whether it has an alpha channel and one colour all over, so that alpha could be the mask. */
  readonly couldBeAlpha: boolean;
  /** Values other than 0 that transparent pixels have, though it is not alpha that is the mask. */
  readonly hidden: readonly number[];
  /** Indices other than 0 whose colour is black, where black is not the only colour. */
  readonly black: readonly number[];
}

/**
 * The values of `raster`. Alpha is the mask where the colours are all one and alpha is not, and where alpha is 0 all over;
 * with `byAlpha` also where alpha is all one, as masks without foreground are in a folder of such masks.
 */
export function maskValues(raster: Raster, byAlpha = false): MaskValues {
  const { width, height, channels, white, lossy, palette } = raster;
  const common = { width, height, white, lossy, hidden: [], black: [] };
  const couldBeAlpha = hasAlpha(raster) && isOneColour(raster);
  if (couldBeAlpha) {
    const values = palette ? raster.values.map((index) => palette[index][3]) : plane(raster, channels - 1);
    if (byAlpha || values.some((alpha) => alpha !== values[0]) || values[0] === 0)
      return { ...common, kind: "alpha", values, couldBeAlpha };
  }
  const { kind, values } = palette ? { kind: "index" as const, values: raster.values } : greyOrColour(raster);
  const black = palette ? blackIndices(raster) : [];
  return { ...common, kind, values, couldBeAlpha, hidden: hiddenValues(raster, values), black };
}

/** How bright a value is: itself, of a colour its largest channel. */
export function brightness(value: number): number {
  return value < COLOUR ? value : Math.max((value >> 16) & 255, (value >> 8) & 255, value & 255);
}

/** How many pixels have each value. */
export function countsOf({ kind, values }: MaskValues): Map<number, number> {
  const counts = new Map<number, number>();
  if (kind === "colour") {
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  }
  const bins = new Float64Array(2 ** 16);
  for (let i = 0; i < values.length; i++) bins[values[i]] += 1;
  for (const [value, count] of bins.entries()) if (count > 0) counts.set(value, count);
  return counts;
}

function hasAlpha({ channels, palette }: Raster): boolean {
  return palette ? palette.some((colour) => colour.length > 3) : channels === 2 || channels === 4;
}

function isOneColour({ channels, values, palette }: Raster): boolean {
  if (palette) {
    const [first, ...others] = usedIndices(values).map((index) => palette[index]);
    return others.every((colour) => [0, 1, 2].every((c) => colour[c] === first[c]));
  }
  const colours = channels - 1;
  for (let at = 0; at < values.length; at += channels) {
    for (let c = 0; c < colours; c++) if (values[at + c] !== values[c]) return false;
  }
  return true;
}

function usedIndices(values: Raster["values"]): number[] {
  const used = new Uint8Array(256);
  for (let i = 0; i < values.length; i++) used[values[i]] = 1;
  return [...used.keys()].filter((index) => used[index] === 1);
}

function blackIndices({ values, palette = [] }: Raster): number[] {
  const used = usedIndices(values);
  const isBlack = (index: number) => [0, 1, 2].every((c) => palette[index][c] === 0);
  return used.every(isBlack) ? [] : used.filter((index) => index > 0 && isBlack(index));
}

function plane({ width, height, channels, values }: Raster, channel: number): Uint8Array | Uint16Array {
  const one = values.slice(0, width * height);
  for (let i = 0; i < one.length; i++) one[i] = values[i * channels + channel];
  return one;
}

function greyOrColour(raster: Raster): Pick<MaskValues, "kind" | "values"> {
  const { channels, values, white, lossy, width, height } = raster;
  if (channels === 1) return { kind: "grey", values };
  if (channels === 2 || isGrey(raster)) return { kind: "grey", values: plane(raster, 0) };
  const mixed = lossy ? new Uint8Array(width * height) : new Uint32Array(width * height);
  if (white > 255) throw new Error("is a mask in colours of 16 bits a channel; save it in grey, or with 8 bits");
  for (let i = 0; i < mixed.length; i++) {
    const [red, green, blue] = [values[channels * i], values[channels * i + 1], values[channels * i + 2]];
    // the colours of a JPEG file are noise, or the mask has more of them than one
    if (lossy) mixed[i] = Math.max(red, green, blue);
    else mixed[i] = red === green && red === blue ? red : COLOUR + 65536 * red + 256 * green + blue;
  }
  return { kind: lossy ? "grey" : "colour", values: mixed };
}

function isGrey({ channels, values }: Raster): boolean {
  for (let at = 0; at < values.length; at += channels) {
    if (values[at] !== values[at + 1] || values[at] !== values[at + 2]) return false;
  }
  return true;
}

function hiddenValues(raster: Raster, values: MaskValues["values"]): number[] {
  if (!hasAlpha(raster)) return [];
  const { channels, palette } = raster;
  if (palette) return usedIndices(raster.values).filter((index) => index > 0 && palette[index][3] === 0);
  const hidden = new Set<number>();
  for (let i = 0; i < values.length && hidden.size < MOST_HIDDEN; i++) {
    if (values[i] !== 0 && raster.values[channels * i + channels - 1] === 0) hidden.add(values[i]);
  }
  return [...hidden].sort((a, b) => a - b);
}

// more are not named in any message
const MOST_HIDDEN = 16;

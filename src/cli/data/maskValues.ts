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
  /**
   * What its alpha channel says: nothing ("none": there is none), that it is the mask, that the colours are (as they differ), or
   * nothing by itself ("even": colours and alpha are all one).
   */
  readonly alpha: "none" | "mask" | "colours" | "even";
  /** Values other than 0 of pixels that are transparent, though it is not alpha that is the mask. */
  readonly hidden: readonly number[];
  /** Whether pixels of other values than 0 are partly transparent, as soft edges are, though it is not alpha that is the mask. */
  readonly isSoft: boolean;
  /** Indices other than 0 whose colour is black, where black is not the only colour. */
  readonly black: readonly number[];
}

/**
 * The values of `raster`. Alpha is the mask where the colours are all one and alpha is not, and where alpha is 0 all over;
 * with `byAlpha` also where alpha is all one, as masks that are all foreground are in a folder of such masks.
 */
export function maskValues(raster: Raster, byAlpha = false): MaskValues {
  const { width, height, channels, white, lossy, palette } = raster;
  const common = { width, height, white, lossy, hidden: [], isSoft: false, black: [] };
  const isEven = hasAlpha(raster) && isOneColour(raster);
  if (isEven) {
    const values = palette ? raster.values.map((index) => palette[index][3]) : plane(raster, channels - 1);
    const differs = values.some((alpha) => alpha !== values[0]);
    if (byAlpha || differs || values[0] === 0) return { ...common, kind: "alpha", values, alpha: differs ? "mask" : "even" };
  }
  const { kind, values } = palette ? { kind: "index" as const, values: raster.values } : greyOrColour(raster);
  const alpha = isEven ? "even" : hasAlpha(raster) ? "colours" : "none";
  return { ...common, kind, values, alpha, black: blackIndices(raster), ...transparency(raster, values) };
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
    const [first, ...remaining] = usedIndices(values).map((index) => palette[index]);
    return remaining.every((colour) => [0, 1, 2].every((c) => colour[c] === first[c]));
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

function blackIndices({ values, palette }: Raster): number[] {
  if (!palette) return [];
  const isBlack = (index: number) => [0, 1, 2].every((c) => palette[index][c] === 0);
  const used = usedIndices(values);
  // a palette without colours, which some programs write with numbers of classes
  return [0, ...used].every(isBlack) ? [] : used.filter((index) => index > 0 && isBlack(index));
}

function plane({ width, height, channels, values }: Raster, channel: number): Uint8Array | Uint16Array {
  const one = values.slice(0, width * height);
  for (let i = 0; i < one.length; i++) one[i] = values[i * channels + channel];
  return one;
}

/** More colours are noise or a photograph. */
export const MOST_COLOURS = 4096;

function greyOrColour(raster: Raster): Pick<MaskValues, "kind" | "values"> {
  const { channels, values, white, lossy } = raster;
  if (channels === 1) return { kind: "grey", values };
  if (channels === 2 || isGrey(raster)) return { kind: "grey", values: plane(raster, 0) };
  if (white > 255) throw new Error("is a mask in colours of 16 bits a channel; save it in grey, or with 8 bits");
  const pixels = lossy ? fullColours(raster) : colours(raster);
  return pixels ? { kind: "colour", values: pixels } : { kind: "grey", values: largestChannel(raster) };
}

/** The colour of each pixel; null where there are too many. */
function colours({ channels, values, width, height }: Raster): Uint32Array | null {
  const seen = new Set<number>();
  const pixels = new Uint32Array(width * height);
  for (let i = 0, last = -1; i < pixels.length; i++) {
    const [red, green, blue] = [values[channels * i], values[channels * i + 1], values[channels * i + 2]];
    const colour = red === green && red === blue ? red : COLOUR + 65536 * red + 256 * green + blue;
    pixels[i] = colour;
    if (colour === last) continue;
    last = colour;
    if (seen.add(colour).size > MOST_COLOURS) return null;
  }
  return pixels;
}

// JPEG changes colours: a pixel that is not dark has each of red, green and blue in full or not at all.
const DARK = 64;
// what fewer of the pixels have is noise at edges
const LEAST_SHARE = 1 / 500;

/** The colour of each pixel, in full; null where there is one beside black at most, so that brightness tells more. */
function fullColours({ channels, values, width, height }: Raster): Uint32Array | null {
  const pixels = new Uint32Array(width * height);
  const counts = new Map<number, number>();
  for (let i = 0; i < pixels.length; i++) {
    const rgb = [values[channels * i], values[channels * i + 1], values[channels * i + 2]];
    const most = Math.max(...rgb);
    if (most < DARK) continue;
    const [red, green, blue] = rgb.map((value) => (2 * value > most ? 255 : 0));
    pixels[i] = red + green + blue === 3 * 255 ? 255 : COLOUR + 65536 * red + 256 * green + blue;
    counts.set(pixels[i], (counts.get(pixels[i]) ?? 0) + 1);
  }
  const many = [...counts.values()].filter((count) => count >= LEAST_SHARE * pixels.length);
  return many.length > 1 ? pixels : null;
}

function largestChannel({ channels, values, width, height }: Raster): Uint8Array {
  const largest = new Uint8Array(width * height);
  for (let i = 0; i < largest.length; i++) {
    largest[i] = Math.max(values[channels * i], values[channels * i + 1], values[channels * i + 2]);
  }
  return largest;
}

function isGrey({ channels, values }: Raster): boolean {
  for (let at = 0; at < values.length; at += channels) {
    if (values[at] !== values[at + 1] || values[at] !== values[at + 2]) return false;
  }
  return true;
}

/** Which `values` other than 0 of a mask are transparent, and whether some are partly transparent. */
export function transparency(raster: Raster, values: MaskValues["values"]): Pick<MaskValues, "hidden" | "isSoft"> {
  const { channels, palette, white } = raster;
  if (!hasAlpha(raster)) return { hidden: [], isSoft: false };
  const alphaOf = (i: number) => (palette ? palette[raster.values[i]][3] : raster.values[channels * i + channels - 1]);
  const hidden = new Set<number>();
  const partly = new Set<number>();
  let isOpaque = false;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue;
    const alpha = alphaOf(i);
    if (alpha === white) isOpaque = true;
    else if (alpha > 0) partly.add(alpha);
    else if (hidden.size < MOST_HIDDEN) hidden.add(values[i]);
  }
  // one alpha for all is a layer that shines through, and says nothing
  const isSoft = partly.size > 1 || (partly.size === 1 && isOpaque);
  return { hidden: [...hidden].sort((a, b) => a - b), isSoft };
}

// more are not named in any message
const MOST_HIDDEN = 16;

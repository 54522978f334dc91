import { LovaszError } from "../errors.js";
import { describe, integer, knownOptions } from "../options.js";
import { isDetached, kindOf } from "../typedArray.js";
import { classColour } from "./colours.js";
import type { Prediction } from "./predict.js";

/** Red, green, blue, and alpha (default 255), from 0 to 255; or "#rrggbb" or "#rrggbbaa". */
export type Colour = readonly number[] | string;

/** Options of `toImageData`. */
export interface ToImageDataOptions {
  /**
   * The colour of each class, from class 0 on; null is transparent. Default: class 0, the background, is transparent, the others have
   * half-transparent colours that people with any colour vision can tell apart.
   */
  colours?: readonly (Colour | null)[];
}

/** What `ImageData` holds, which browsers have and Node has not. */
export interface ImageDataLike {
  /** Red, green, blue and alpha of each pixel, row by row. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** "srgb". */
  readonly colorSpace: "srgb";
}

// so that the picture below shows through
const ALPHA = 160;

/**
 * The labels of a prediction in colours, to be drawn over the picture: an `ImageData`, or in Node an object like it. Throws `LovaszError`
 * "option", "data", or "label" where a label has no colour.
 *
 * @example
 * ```js
 * import { toImageData } from "lovasz/model";
 *
 * const prediction = { width: 2, height: 1, labels: Uint8Array.of(0, 1) };
 * console.log(toImageData(prediction, { colours: [null, "#ff8000"] }).data.join(" ")); // 0 0 0 0 255 128 0 255
 * ```
 */
export function toImageData(prediction: Pick<Prediction, "width" | "height" | "labels">, options: ToImageDataOptions = {}): ImageDataLike {
  const call = "toImageData(prediction, options)";
  const { width, height, labels } = readPrediction(call, prediction);
  knownOptions(call, options, ["colours"]);
  const colours = coloursOf(call, options.colours);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < labels.length; i++) {
    const colour = colours[labels[i]];
    if (!colour) {
      const cure = `colours has ${colours.length} entries; pass one for each class, or null for those that are not to be seen`;
      throw new LovaszError("label", `${call}: labels[${i}] is ${labels[i]}, but ${cure}`);
    }
    data.set(colour, 4 * i);
  }
  if (typeof ImageData === "function") return new ImageData(data, width, height) as ImageDataLike;
  return { data, width, height, colorSpace: "srgb" };
}

function readPrediction(call: string, prediction: Pick<Prediction, "width" | "height" | "labels">) {
  const wrong = (what: string) => new LovaszError("data", `${call}: ${what}`);
  if (typeof prediction !== "object" || prediction === null) {
    throw wrong(`prediction is ${describe(prediction)}, expected what predict returns: { width, height, labels }`);
  }
  const { labels } = prediction;
  const width = integer(call, "prediction.width", prediction.width ?? null, 0, 1);
  const height = integer(call, "prediction.height", prediction.height ?? null, 0, 1);
  if (!["Uint8Array", "Uint8ClampedArray"].includes(kindOf(labels) ?? "") || isDetached(labels) || labels.length !== width * height) {
    throw wrong(`prediction.labels is ${describe(labels)}, expected a Uint8Array of ${width} x ${height} labels`);
  }
  return { width, height, labels };
}

function coloursOf(call: string, colours: unknown): (readonly number[])[] {
  if (colours === undefined) {
    return Array.from({ length: 256 }, (_, i) => (i === 0 ? [0, 0, 0, 0] : [...classColour(i), ALPHA]));
  }
  if (Array.isArray(colours)) return Array.from(colours as unknown[], (colour, i) => rgbaOf(call, `colours[${i}]`, colour));
  throw new LovaszError("option", `${call}: colours is ${describe(colours)}, expected an array with a colour for each class`);
}

function rgbaOf(call: string, name: string, colour: unknown): readonly number[] {
  if (colour === null) return [0, 0, 0, 0];
  const isHex = typeof colour === "string" && /^#([0-9a-f]{2}){3,4}$/i.test(colour);
  const values: unknown = isHex ? colour.match(/[0-9a-f]{2}/gi)?.map((two) => Number.parseInt(two, 16)) : colour;
  const isByte = (value: unknown) => typeof value === "number" && value >= 0 && value <= 255;
  if (Array.isArray(values) && [3, 4].includes(values.length) && values.every(isByte)) return [...values, 255].slice(0, 4);
  const expected = '[red, green, blue] or [red, green, blue, alpha] from 0 to 255, "#rrggbb", "#rrggbbaa" or null';
  throw new LovaszError("option", `${call}: ${name} is ${describe(colour)}, expected ${expected}`);
}

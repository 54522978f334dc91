// How a network reads the values of pictures.
import { LovaszError } from "../errors.js";
import { describe, isPlain, MAX_FLOAT } from "../options.js";
import type { Picture } from "./picture.js";

/**
 * How a network reads the values of pictures:
 * - `"picture"`, as `fit` and `lovasz train` do: the values of each picture are brought to mean 0 and variance 1, over all three channels
 *   together, and a picture of one colour to 0;
 * - `{ mean, std }`, as in torchvision: `(value / white - mean) / std` for each of red, green and blue, where `white` is the value of full
 *   brightness;
 * - `"none"`: as they are, from 0 to 255. Pictures of 16 bits are scaled to that.
 */
export type Normalisation = "picture" | "none" | { readonly mean: readonly number[]; readonly std: readonly number[] };

/** Of each of red, green and blue: the network reads (value - mean) * scale. */
export interface Scaling {
  readonly mean: readonly [number, number, number];
  readonly scale: readonly [number, number, number];
}

/** `value`, checked and copied; "picture" where it is undefined. Throws `LovaszError` "option". */
export function readNormalisation(call: string, name: string, value: unknown): Normalisation {
  if (value === undefined) return "picture";
  if (value === "picture" || value === "none") return value;
  const { mean, std } = (isPlain(value) ? value : {}) as { mean?: unknown; std?: unknown };
  if (isTriple(mean) && isTriple(std) && std.every((one) => one !== 0 && Math.abs(1 / one) <= MAX_FLOAT)) {
    return { mean: [...mean], std: [...std] };
  }
  const came = isPlain(value) ? `{ mean: ${describe(mean)}, std: ${describe(std)} }` : describe(value);
  const expected = '"picture", "none" or { mean, std }, three finite numbers each, std not 0';
  throw new LovaszError("option", `${call}: ${name} is ${came}, expected ${expected}`);
}

function isTriple(value: unknown): value is number[] {
  return Array.isArray(value) && value.length === 3 && value.every((one) => Number.isFinite(one) && Math.abs(one) <= MAX_FLOAT);
}

/** How `rgb`, red, green and blue of each pixel with `white` for full brightness, is to be read. */
export function scalingOf(rgb: Picture["data"], white: number, normalisation: Normalisation): Scaling {
  if (normalisation === "none") return { mean: [0, 0, 0], scale: repeated(255 / white) };
  if (normalisation === "picture") {
    const { mean, deviation } = momentsOf(rgb);
    // a picture of one colour stays at 0 instead of blowing up its noise
    return { mean: repeated(mean), scale: repeated(1 / Math.max(deviation, white / 255)) };
  }
  const { mean, std } = normalisation;
  return { mean: triple((c) => mean[c] * white), scale: triple((c) => 1 / (std[c] * white)) };
}

function momentsOf(rgb: Picture["data"]): { mean: number; deviation: number } {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < rgb.length; i++) {
    sum += rgb[i];
    squares += rgb[i] * rgb[i];
  }
  const mean = sum / rgb.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / rgb.length - mean * mean)) };
}

const triple = (of: (channel: number) => number) => [of(0), of(1), of(2)] as const;
const repeated = (value: number) => triple(() => value);

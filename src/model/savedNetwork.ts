// The networks that a file can describe, and how its metadata do.
import { LovaszError } from "../errors.js";
import { FastSCNN } from "../nn/FastSCNN.js";
import type { Module } from "../nn/module.js";
import { UNet } from "../nn/UNet.js";
import { describe } from "../options.js";
import { type Normalisation, readNormalisation } from "./normalisation.js";

/** A network that can be built from its options. */
export type SavedNetwork = UNet | FastSCNN;

type Options = Readonly<Record<string, number | string>>;

/** A class of networks. */
export interface Kind {
  /** In the metadata. */
  readonly name: string;
  /** What each option is made of its text by: all options but `seed`, which is only that of the first weights. */
  readonly options: Readonly<Record<string, NumberConstructor | StringConstructor>>;
  /** What files of 0.1.0 do not say. */
  readonly absent: Readonly<Record<string, string>>;
  /** How many values the largest layer has; all layers together have no more than 35 times as many. */
  largest(options: Options): number;
  build(options: Options): SavedNetwork;
  isOf(network: Module): network is SavedNetwork;
}

// Networks of derived classes may compute something else, so they are of no kind.
const isExactly = (network: Module, one: { readonly prototype: Module }) => Object.getPrototypeOf(network) === one.prototype;

const common = { inChannels: Number, outChannels: Number, width: Number };

/** All classes. */
export const KINDS: readonly Kind[] = [
  {
    name: "lovasz.UNet",
    options: { ...common, levels: Number, norm: String, upsample: String, dropout: Number },
    absent: { levels: "3", norm: "none", upsample: "nearest", dropout: "0" },
    // the second convolution of the lowest level, 3x3
    largest: ({ width, levels }) => 9 * (Number(width) * 2 ** (Number(levels) - 1)) ** 2,
    build: (options) => new UNet(options),
    isOf: (network): network is UNet => isExactly(network, UNet),
  },
  {
    name: "lovasz.FastSCNN",
    options: common,
    absent: {},
    // the first convolution of a bottleneck, 1x1, from 4 to 24 times the width
    largest: ({ width }) => 96 * Number(width) ** 2,
    build: (options) => new FastSCNN(options),
    isOf: (network): network is FastSCNN => isExactly(network, FastSCNN),
  },
];

/** The options of a network of `kind` in `metadata`; `wrong` makes the error where one is missing or cannot be read. */
export function optionsOf(kind: Kind, metadata: Readonly<Record<string, string>>, wrong: (what: string) => LovaszError): Options {
  const entries = Object.entries(kind.options).map(([key, parse]) => {
    const text: string | undefined = metadata[key] ?? kind.absent[key];
    const value = parse(text);
    if (text !== undefined && String(value) === text) return [key, value] as const;
    throw wrong(`has ${key} ${describe(text)}, expected ${parse === Number ? "a number" : "text"}`);
  });
  return Object.fromEntries(entries);
}

/** The mask value of ignored pixels, or the threshold, where there is none. */
export const NONE = "none";

/** `normalisation` as text. */
export function textOfNormalisation(normalisation: Normalisation): string {
  return typeof normalisation === "string" ? normalisation : JSON.stringify(normalisation);
}

/** The reverse; null where `text` is no such text. */
export function normalisationOf(text: string | undefined): Normalisation | null {
  if (text === undefined) return null;
  try {
    return readNormalisation("", "", text.startsWith("{") ? JSON.parse(text) : text);
  } catch (error) {
    if (error instanceof LovaszError || error instanceof SyntaxError) return null;
    throw error;
  }
}

// A network, and what has to be known to use it.
import { LovaszError } from "../errors.js";
import { FastSCNN } from "../nn/FastSCNN.js";
import { Module } from "../nn/module.js";
import { UNet } from "../nn/UNet.js";
import { describe, integer, isPlain } from "../options.js";
import { IGNORED } from "./ignored.js";
import { type Normalisation, readNormalisation } from "./normalisation.js";

/** A trained network, and what has to be known to use it. */
export interface Model {
  /** From pixels [B, 3, H, W] to logits [B, C, H, W]. */
  readonly network: Module;
  /** How many classes; null for foreground and background from one logit a pixel. */
  readonly classes: number | null;
  /** How the network reads the values of pictures. */
  readonly normalisation: Normalisation;
  /** The mask value of ignored pixels in the training, or several; null where there was none, undefined where nobody recorded it. */
  readonly ignore?: number | readonly number[] | null;
  /** The least mask value of foreground in the training; null where none was given, undefined where nobody recorded it. */
  readonly threshold?: number | null;
  /** The loss that trained it, as `lovasz train` names it. */
  readonly loss?: string;
}

/** A model, of which only the network has to be given. */
export interface ModelLike extends Partial<Model> {
  /** From pixels [B, 3, H, W] to logits [B, C, H, W]. */
  readonly network: Module;
}

/** The largest value of masks, of 16 bits a pixel. */
export const MOST_VALUE = 65535;

const KEYS = ["network", "classes", "normalisation", "ignore", "threshold", "loss"];

/**
 * `model` as it was checked. `classes` is left undefined where neither it nor the network says how many there are. Throws `LovaszError`
 * "option".
 */
export function readModel(call: string, model: ModelLike): Omit<Model, "classes"> & { readonly classes: number | null | undefined } {
  const wrong = (what: string) => new LovaszError("option", `${call}: ${what}`);
  if ((model as unknown) instanceof Module) throw wrong("model is a network; pass { network }");
  if (!isPlain(model)) throw wrong(`model is ${describe(model)}, expected { network, classes, normalisation, ignore, threshold }`);
  for (const key of Object.keys(model)) if (!KEYS.includes(key)) throw wrong(`model has an unknown ${key}; it knows ${KEYS.join(", ")}`);
  const { network, loss } = model;
  if (!(network instanceof Module)) throw wrong(`model.network is ${describe(network)}, expected an nn.Module such as nn.UNet`);
  if (loss !== undefined && typeof loss !== "string") throw wrong(`model.loss is ${describe(loss)}, expected text`);
  const channels = network instanceof UNet || network instanceof FastSCNN ? network.options : { inChannels: 3, outChannels: undefined };
  if (channels.inChannels !== 3) throw wrong(`model.network reads ${channels.inChannels} channels, expected 3: red, green and blue`);
  const classes = nullable(call, "model.classes", model.classes, 1, IGNORED);
  if (classes === 1) throw wrong(`model.classes is 1, expected 2 to ${IGNORED}, or null for foreground and background; leave classes out`);
  if (channels.outChannels !== undefined && channels.outChannels > IGNORED) {
    const why = `a label is a byte, and ${IGNORED} marks ignored pixels`;
    throw wrong(`model.network has ${channels.outChannels} output channels, expected 1 to ${IGNORED}, as ${why}`);
  }
  const known = channels.outChannels === undefined ? undefined : channels.outChannels === 1 ? null : channels.outChannels;
  if (known !== undefined && classes !== undefined && known !== classes) {
    throw wrong(`model.classes is ${classes}, but the network has ${channels.outChannels} output channels; leave classes out`);
  }
  return {
    network,
    classes: classes === undefined ? known : classes,
    normalisation: readNormalisation(call, "model.normalisation", model.normalisation),
    ignore: readIgnore(call, model.ignore),
    threshold: nullable(call, "model.threshold", model.threshold, 0, MOST_VALUE),
    loss,
  };
}

/** As `Model.ignore` has the ignored `values`, of which none comes twice: a single one is a plain number. */
export function ignoreOf(values: readonly number[]): number | readonly number[] | null {
  const different = [...new Set(values)];
  return different.length > 1 ? different : (different[0] ?? null);
}

/** The reverse: the ignored values, none where there are none or nobody knows. */
export function ignoredValues(ignore: Model["ignore"]): readonly number[] {
  return typeof ignore === "number" ? [ignore] : (ignore ?? []);
}

function readIgnore(call: string, ignore: unknown): Model["ignore"] {
  if (!Array.isArray(ignore)) return nullable(call, "model.ignore", ignore, 0, MOST_VALUE);
  // a hole is refused as null is
  return ignoreOf(Array.from(ignore, (value, i) => integer(call, `model.ignore[${i}]`, value ?? null, 0, 0, MOST_VALUE)));
}

// null says that there is none, undefined that nobody knows
function nullable(call: string, name: string, value: unknown, least: number, most: number): number | null | undefined {
  return value === undefined || value === null ? value : integer(call, name, value, least, least, most);
}

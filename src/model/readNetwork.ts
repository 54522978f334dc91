// Reads a saved network, and what is known of it.
import { counted } from "../counted.js";
import { LovaszError } from "../errors.js";
import type { StateDict } from "../nn/stateDict.js";
import { describe } from "../options.js";
import { IGNORED } from "./ignored.js";
import { ignoreOf, MOST_VALUE, type Model } from "./model.js";
import { readSafetensors, type TensorFile } from "./readSafetensors.js";
import { KINDS, type Kind, NONE, normalisationOf, optionsOf, type SavedNetwork } from "./savedNetwork.js";

type Metadata = TensorFile["metadata"];
type Wrong = (what: string, cause?: unknown) => LovaszError;

/**
 * The model in `bytes`, its network in evaluation mode. Throws `LovaszError` "data", whose message begins with `name` and goes on with what
 * is wrong, and the cure, and "memory". Nothing is built before the file is known to hold as many values as the network needs.
 */
export function readNetwork(name: string, bytes: unknown): Model {
  const { state, metadata } = readSafetensors(name, bytes);
  const wrong: Wrong = (what, cause) =>
    new LovaszError("data", `${name} ${what}; pass a file that saveNetwork or lovasz train wrote`, { cause });
  if (metadata.kind === undefined) throw undescribed(name);
  const kind = KINDS.find((one) => one.name === metadata.kind);
  if (!kind) throw wrong(`holds ${describe(metadata.kind)}, this version reads ${KINDS.map((one) => one.name).join(" and ")}`);
  const described = { ...classesOf(metadata, wrong), ...masksOf(metadata, wrong) };
  const normalisation = normalisationOf(metadata.normalisation);
  if (!normalisation) {
    throw wrong(`has normalisation ${describe(metadata.normalisation)}, expected picture, none or {"mean":[...],"std":[...]}`);
  }
  return { network: networkOf(kind, state, metadata, wrong).eval(), normalisation, ...described, loss: metadata.loss };
}

function undescribed(name: string): LovaszError {
  const lines = [
    `${name} holds tensors, but does not say of which network; build that in code and load them, for example:`,
    'const network = new nn.UNet({ norm: "batch" }).eval();',
    "network.loadStateDict(decodeSafetensors(bytes).state);",
  ];
  return new LovaszError("data", lines.join("\n"));
}

function networkOf(kind: Kind, state: StateDict, metadata: Metadata, wrong: Wrong): SavedNetwork {
  const options = optionsOf(kind, metadata, wrong);
  if (options.inChannels !== 3) throw wrong(`reads ${counted(Number(options.inChannels), "channel")}, expected 3`);
  const values = Object.values(state).reduce((sum, { data }) => sum + data.length, 0);
  if (values < kind.largest(options)) {
    const levels = options.levels === undefined ? "" : ` and ${options.levels} levels`;
    throw wrong(`has ${counted(values, "value")}, too few for a width of ${options.width}${levels}`);
  }
  const network = built(() => kind.build(options), wrong);
  try {
    network.loadStateDict(state);
    return network;
  } catch (error) {
    network.dispose();
    throw wrong(`cannot be loaded: ${(error as Error).message}`, error);
  }
}

function built(build: () => SavedNetwork, wrong: Wrong): SavedNetwork {
  try {
    return build();
  } catch (error) {
    if (error instanceof LovaszError && error.code === "option") throw wrong(`describes no network: ${error.message}`, error);
    throw error;
  }
}

// files of 0.1.0 do not repeat what the number of channels says
function classesOf({ outChannels, classes }: Metadata, wrong: Wrong): Pick<Model, "classes"> {
  const channels = Number(outChannels);
  // the label of ignored pixels is no class
  if (String(channels) !== outChannels || !(channels >= 1 && channels <= IGNORED)) {
    throw wrong(`has outChannels ${describe(outChannels)}, expected 1 to ${IGNORED}`);
  }
  const expected = channels === 1 ? NONE : outChannels;
  if (classes !== undefined && classes !== expected) throw wrong(`has classes: ${describe(classes)}, but ${counted(channels, "channel")}`);
  return { classes: channels === 1 ? null : channels };
}

function masksOf({ ignore, threshold }: Metadata, wrong: Wrong): Pick<Model, "ignore" | "threshold"> {
  const isValue = (text: string) => /^\d{1,5}$/.test(text) && Number(text) <= MOST_VALUE;
  const values = (key: string, texts: readonly string[], several = "") => {
    if (texts.every(isValue)) return texts.map(Number);
    throw wrong(`has ${key} ${describe(texts.join(","))}, expected ${NONE} or 0 to ${MOST_VALUE}${several}`);
  };
  const known = <T>(text: string | undefined, read: (text: string) => T) =>
    text === undefined ? undefined : text === NONE ? null : read(text);
  return {
    ignore: known(ignore, (text) => ignoreOf(values("ignore", text.split(","), ", or several with commas"))),
    threshold: known(threshold, (text) => values("threshold", [text])[0]),
  };
}

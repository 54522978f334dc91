import { LovaszError } from "../errors.js";
import { readEntries } from "../nn/stateDict.js";
import { encodeSafetensors } from "./encodeSafetensors.js";
import { type ModelLike, readModel } from "./model.js";
import { KINDS, type Kind, NONE, type SavedNetwork, textOfNormalisation } from "./savedNetwork.js";

/**
 * The bytes of a file that `loadNetwork`, `lovasz eval` and `lovasz predict` read, and by which a browser or another process has the same
 * network: its weights, in float32, what it was built with, and what else `model` says. PyTorch reads the weights by `load_file` of its
 * package safetensors: see docs/pytorch.md.
 *
 * Throws `LovaszError` "option" for networks other than `nn.UNet` and `nn.FastSCNN`, "nan" if a weight is not finite, "data" if the
 * layers of the network were changed after it was built, "disposed" and "memory".
 *
 * @param model - Only the network has to be given. `null` for `ignore` or `threshold` is saved as such, `undefined` is not. Several values
 * of `ignore` are saved as "255,254".
 *
 * @example
 * ```js
 * import { nn } from "lovasz";
 * import { loadNetwork, saveNetwork } from "lovasz/model";
 *
 * const network = new nn.UNet({ outChannels: 3, norm: "group" });
 * const bytes = saveNetwork({ network, ignore: 255, loss: "ce+lovasz-softmax" });
 * const model = loadNetwork(bytes);
 * console.log(model.classes, model.ignore, model.network.options.norm); // 3 255 group
 * ```
 */
export function saveNetwork(model: ModelLike): Uint8Array<ArrayBuffer> {
  const call = "saveNetwork(model)";
  const { network, classes, normalisation, ignore, threshold, loss } = readModel(call, model);
  const kind = KINDS.find((one) => one.isOf(network));
  if (!kind?.isOf(network)) {
    const cure = "save encodeSafetensors(network.stateDict()), and load it by network.loadStateDict(decodeSafetensors(bytes).state)";
    throw new LovaszError("option", `${call}: model.network is ${nameOf(network)}, expected nn.UNet or nn.FastSCNN; ${cure}`);
  }
  const state = network.stateDict();
  checkState(call, kind, network, state);
  const options = Object.keys(kind.options).map((key): [string, unknown] => [key, (network.options as Record<string, unknown>)[key]]);
  const labels = { classes: classes === null ? NONE : classes, ignore: textOrNone(ignore), threshold: textOrNone(threshold) };
  const described = { kind: kind.name, ...Object.fromEntries(options), ...labels, normalisation: textOfNormalisation(normalisation), loss };
  const known = Object.entries(described).filter(([, value]) => value !== undefined);
  return encodeSafetensors(state, Object.fromEntries(known.map(([key, value]) => [key, String(value)])));
}

const textOrNone = <T>(value: T | null) => (value === null ? NONE : value);

function nameOf(network: object): string {
  return `of class ${network.constructor.name || "without a name"}`;
}

// a layer that was replaced could not be built again
function checkState(call: string, kind: Kind, network: SavedNetwork, state: ReturnType<SavedNetwork["stateDict"]>): void {
  const built = kind.build({ ...network.options, seed: 0 });
  try {
    readEntries(call, "model.network", state, new Map([...built.named()].map(([name, tensor]) => [name, tensor])));
  } catch (error) {
    if (!(error instanceof LovaszError) || error.code === "nan") throw error;
    const why = `${call}: model.network has other layers than a new ${kind.name} of its options, so loadNetwork could not build it`;
    throw new LovaszError("data", `${why}; save encodeSafetensors(network.stateDict())`, { cause: error });
  } finally {
    built.dispose();
  }
}

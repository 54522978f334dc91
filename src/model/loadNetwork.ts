import type { Model } from "./model.js";
import { readNetwork } from "./readNetwork.js";

/**
 * The model in a file that `saveNetwork` or `lovasz train` wrote, 0.1.0 too. Its network is in evaluation mode, ready to predict: call
 * `network.train()` to train it further, and `network.dispose()` once it is no longer needed. What the file does not say is undefined.
 *
 * Throws `LovaszError` "data" for anything else, weights that are not finite among it, and "memory". A file of PyTorch has only the
 * tensors: build the network in code, and load them by `network.loadStateDict(decodeSafetensors(bytes).state)`, see docs/pytorch.md.
 *
 * @param bytes - The contents of the file: a Uint8Array, a Buffer or an ArrayBuffer, not of shared memory.
 *
 * @example
 * ```js
 * import { nn, randn } from "lovasz";
 * import { loadNetwork, saveNetwork } from "lovasz/model";
 *
 * const bytes = saveNetwork({ network: new nn.FastSCNN({ width: 4 }), normalisation: "none" });
 * const { network, classes, normalisation } = loadNetwork(bytes);
 * console.log(network.forward(randn([1, 3, 32, 32])).shape, classes, normalisation); // [ 1, 1, 32, 32 ] null none
 * ```
 */
export function loadNetwork(bytes: Uint8Array | ArrayBuffer): Model {
  return readNetwork("loadNetwork(bytes): bytes", bytes);
}

import type { StateDict } from "../nn/stateDict.js";
import { readSafetensors } from "./readSafetensors.js";

/**
 * The tensors and metadata of a safetensors file, written by `encodeSafetensors`, by PyTorch's package safetensors or by any other program.
 * Values of other types become float32, rounded to the nearest: F16 and BF16 exactly, F64 beyond its range as infinity; integers are exact up
 * to 2^24, and BOOL gives 0 and 1.
 *
 * A file of `encodeSafetensors` has a checksum, which is verified and left out of the result. A file that another program has
 * converted to other types, or wrote without metadata, is read without.
 *
 * Throws `LovaszError` "data" for anything but such a file, and "memory".
 *
 * @param bytes - The contents of the file: a Uint8Array, a Buffer or an ArrayBuffer, not of shared memory.
 *
 * @example
 * ```js
 * import { decodeSafetensors } from "lovasz/model";
 *
 * // as PyTorch writes it: the length of the header, the header, the value 1 in float16
 * const header = '{"scale":{"dtype":"F16","shape":[],"data_offsets":[0,2]}}';
 * const bytes = Uint8Array.of(header.length, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(header), 0x00, 0x3c);
 * console.log(decodeSafetensors(bytes).state.scale); // { shape: [], data: Float32Array(1) [ 1 ] }
 * ```
 */
export function decodeSafetensors(bytes: Uint8Array | ArrayBuffer): { state: StateDict; metadata: Record<string, string> } {
  return readSafetensors("decodeSafetensors(bytes): bytes", bytes);
}

// The checksums of model files. The format has none, so they are metadata.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { StateDict } from "../nn/stateDict.js";

/** The key of the checksum in the metadata. */
export const CHECKSUM = "lovasz.sha256";

/** The key of the checksum in files of 0.1.0. */
export const OLD_CHECKSUM = "sha256";

/** The keys that describe a saved network, which the checksum covers. Other metadata may be added and changed by anybody. */
export const DESCRIPTION: readonly string[] = [
  ...["kind", "inChannels", "outChannels", "width", "levels", "norm", "upsample", "dropout"],
  ...["classes", "ignore", "threshold", "normalisation", "loss"],
];

/**
 * The SHA-256 of the contents, in hexadecimal. Programs that read a file and write it again change its bytes but not its contents, so it is
 * taken of a canonical form: in JSON, the description by key and the shapes by name, [[[key, value], ...], [[name, shape], ...]], and then
 * the values of each tensor, float32 in little-endian order. Keys and names are sorted by their UTF-16 code units.
 */
export function checksumOf(state: StateDict, metadata: Readonly<Record<string, string>>): string {
  const described = Object.entries(metadata).filter(([key]) => DESCRIPTION.includes(key));
  const tensors = Object.entries(state).sort(byKey);
  const shapes = tensors.map(([name, { shape }]) => [name, shape]);
  const hash = sha256.create().update(utf8ToBytes(JSON.stringify([described.sort(byKey), shapes])));
  for (const [, { data }] of tensors) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return bytesToHex(hash.digest());
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : Number(a > b));

const BLANK = utf8ToBytes("0".repeat(64));

/** The SHA-256 of a whole file of 0.1.0, in hexadecimal: the 64 bytes at `at`, the checksum itself, count as zeros. */
export function oldChecksumOf(file: Uint8Array, at: number): string {
  const hash = sha256
    .create()
    .update(file.subarray(0, at))
    .update(BLANK)
    .update(file.subarray(at + BLANK.length));
  return bytesToHex(hash.digest());
}

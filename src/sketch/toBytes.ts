import { sha256 } from "@noble/hashes/sha2.js";
import { deflateRaw, Z_HUFFMAN_ONLY } from "pako";
import { checkSummary } from "./check.js";
import { CHECKSUM_BYTES, HEAD, LOSSES, MAGIC, RANGE_ZERO, VERSION } from "./layout.js";
import type { Summary } from "./summary.js";
import { tokensOf } from "./tokens.js";

/**
 * The bytes of a summary, for files, queues and networks: a few for each bin that is not empty, with a checksum. Equal summaries have equal
 * bytes, so those of `merge(a, b)` are those of `merge(b, a)`.
 *
 * Throws `LovaszError` "option" for what is not a summary.
 *
 * @example
 * ```js
 * import { fromBytes, sketch, toBytes, weigh } from "lovasz/sketch";
 *
 * const bytes = toBytes(sketch("hinge", Float32Array.of(0.5, -2, 3), [1, 0, 1]));
 * console.log(bytes.length < 100, weigh(fromBytes(bytes)).value.toFixed(2)); // true 0.25
 * ```
 */
export function toBytes(summary: Summary): Uint8Array<ArrayBuffer> {
  const { loss, bins, range, pixels, positives, counts } = checkSummary("toBytes(summary)", summary);
  const { tokens, extras } = tokensOf(counts, bins);
  const packed = deflateRaw(joined(tokens, extras), { strategy: Z_HUFFMAN_ONLY, memLevel: MEMORY_LEVEL });
  const start = HEAD + 8 * positives.length;
  const end = start + packed.length;
  const bytes = new Uint8Array(end + CHECKSUM_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set([...MAGIC, VERSION, LOSSES.indexOf(loss), Math.log2(bins), RANGE_ZERO + Math.log2(range)]);
  view.setUint32(8, positives.length, true);
  view.setUint32(12, tokens.length, true);
  view.setUint32(16, extras.length, true);
  view.setFloat64(20, pixels, true);
  for (const [c, count] of positives.entries()) view.setFloat64(HEAD + 8 * c, count, true);
  bytes.set(packed, start);
  bytes.set(sha256(bytes.subarray(0, end)), end);
  return bytes;
}

// Repetitions among tokens are chance, and telling them takes more than it saves: codes for single tokens are shorter. They are chosen anew
// for each 4,096, as neighbours are alike.
const MEMORY_LEVEL = 6;

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

import { sha256 } from "@noble/hashes/sha2.js";
import { inflateRaw } from "pako";
import { counted } from "../counted.js";
import { LovaszError } from "../errors.js";
import { readFileBytes } from "../fileBytes.js";
import { checkSummary } from "./check.js";
import { type Counts, narrowed, zeroCounts } from "./counts.js";
import { CHECKSUM_BYTES, HEAD, LOSSES, MAGIC, RANGE_ZERO, VERSION } from "./layout.js";
import { MOST_BINS, type Summary } from "./summary.js";
import { fillCounts } from "./tokens.js";

// of a token: two numbers below 2^53
const MOST_EXTRAS = 16;

const NAME = "fromBytes(bytes): bytes";

/**
 * The summary that `toBytes` wrote, to the same bits.
 *
 * Throws `LovaszError` "data" for bytes that are damaged, of another version, or of something else, and "memory".
 *
 * @param bytes - A Uint8Array, a Buffer or an ArrayBuffer.
 *
 * @example
 * ```js
 * import { fromBytes, merge, sketch, toBytes } from "lovasz/sketch";
 *
 * const parts = [toBytes(sketch("hinge", Float32Array.of(0.5, -2), [1, 0])), toBytes(sketch("hinge", Float32Array.of(3), [0]))];
 * console.log(merge(...parts.map(fromBytes)).pixels); // 3
 * ```
 */
export function fromBytes(bytes: Uint8Array | ArrayBuffer): Summary {
  const file = readFileBytes(NAME, bytes);
  refuseDamaged(file);
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const [loss, bins, range] = [LOSSES[file[5]], 2 ** file[6], 2 ** (file[7] - RANGE_ZERO)];
  const [classes, tokens, extras] = [8, 12, 16].map((at) => view.getUint32(at, true));
  const start = HEAD + 8 * classes;
  const end = file.length - CHECKSUM_BYTES;
  if (start > end || bins > MOST_BINS) throw foreign();
  const positives = Float64Array.from({ length: classes }, (_, c) => view.getFloat64(HEAD + 8 * c, true));
  const pixels = view.getFloat64(20, true);
  const counts = allocated(pixels, 2 * bins * classes);
  if (tokens > counts.length || extras > MOST_EXTRAS * tokens) throw foreign();
  const unpacked = unpack(file.subarray(start, end), tokens + extras);
  const parts = { tokens: unpacked.subarray(0, tokens), extras: unpacked.subarray(tokens) };
  if (!fillCounts(parts, bins, counts)) throw foreign();
  try {
    return checkSummary(NAME, { loss, bins, range, pixels, positives, counts: narrowed(counts) });
  } catch (cause) {
    throw foreign(cause);
  }
}

function refuseDamaged(file: Uint8Array): void {
  const wrong = (what: string, cure: string) => new LovaszError("data", `${NAME} ${what}, expected what toBytes() returned; ${cure}`);
  const again = "write or send the part again";
  if (MAGIC.some((byte, i) => i < file.length && file[i] !== byte)) throw wrong("are no summary", "pass the bytes of a summary");
  if (file.length > 4 && file[4] !== VERSION) {
    const cure = file[4] > VERSION ? "update lovasz" : "count the part again";
    throw wrong(`are of version ${file[4]} of the format, and this version of lovasz reads ${VERSION}`, cure);
  }
  if (file.length < HEAD + CHECKSUM_BYTES) throw wrong(`are truncated: there are ${counted(file.length, "byte")}`, again);
  const end = file.length - CHECKSUM_BYTES;
  if (sha256(file.subarray(0, end)).some((byte, i) => byte !== file[end + i])) {
    throw wrong("are damaged: their checksum does not agree", again);
  }
}

// whole, and yet no summary
function foreign(cause?: unknown): LovaszError {
  const cure = "write them with toBytes()";
  return new LovaszError("data", `${NAME} have a checksum that agrees, but are no summary that sketch() or merge() returns; ${cure}`, {
    cause,
  });
}

function allocated(pixels: number, length: number): Counts {
  try {
    return zeroCounts(pixels, length);
  } catch (cause) {
    throw new LovaszError("memory", `${NAME} need ${4 * length} bytes of memory; use fewer bins`, { cause });
  }
}

// The `length` bytes that were packed.
function unpack(packed: Uint8Array, length: number): Uint8Array {
  const found = attempt(() => inflateRaw(packed, { chunkSize: length + 1 }));
  if (found?.length !== length) throw foreign();
  return found;
}

function attempt<T>(unpacked: () => T): T | undefined {
  try {
    return unpacked();
  } catch {
    return undefined;
  }
}

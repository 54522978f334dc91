// The checksum of weights, which may be large: a chunk's `apply` has to check them in less time than it takes.
import { LOSSES } from "./layout.js";
import type { Weights } from "./weights.js";

/** 32 bits of all that weights hold. A step for each word, which maps no two hashes, and no two words, to the same: a word that differs shows. */
export function checksumOf({ loss, bins, range, value, slopes }: Omit<Weights, "checksum">): number {
  const numbers = new Uint32Array(Float64Array.of(LOSSES.indexOf(loss), bins, range, value).buffer);
  const words = new Uint32Array(slopes.buffer, slopes.byteOffset, slopes.length);
  let hash = 0;
  for (const word of numbers) hash = mixed(hash ^ word);
  for (let i = 0; i < words.length; i++) hash = mixed(hash ^ words[i]);
  return hash >>> 0;
}

function mixed(hash: number): number {
  const product = Math.imul(hash, 0x9e3779b1);
  return product ^ (product >>> 15);
}

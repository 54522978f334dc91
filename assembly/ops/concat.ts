/**
 * Copies `count` blocks of `width` bytes, the starts `fromStride` and `toStride` bytes apart. A loop of vectors is used as
 * `memory.copy` of long blocks made the loss that reads them next slower: `npm run bench -- multilabel`, four images in NCHW.
 */
export function copyBlocks(from: usize, fromStride: usize, to: usize, toStride: usize, width: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++, from += fromStride, to += toStride) {
    let k: usize = 0;
    for (; k + 64 <= width; k += 64) {
      v128.store(to + k, v128.load(from + k));
      v128.store(to + k, v128.load(from + k, 16), 16);
      v128.store(to + k, v128.load(from + k, 32), 32);
      v128.store(to + k, v128.load(from + k, 48), 48);
    }
    memory.copy(to + k, from + k, width - k);
  }
}

// Writes counts, most of them 0, as tokens of one byte: how many zeros come before a count, and the count. DEFLATE then packs the tokens in
// two thirds of what pairs of variable-length numbers need.
//
// The counts are taken so that neighbours are alike: by octaves of bins (bin 0, 1, 2 to 3, 4 to 7, ...), in each of which come, class by class, the
// negatives bin by bin, and in the end the positives likewise. A token is 16 gap + count - 1; of a number of 15 or more, 15 stands in the token, and the rest in
// the extras, base 128, the lowest digits first, 128 more in all but the last.
import type { Counts } from "./counts.js";

/** Tokens, and the numbers that do not fit in them. */
export interface Tokens {
  tokens: Uint8Array;
  extras: Uint8Array;
}

const MOST = 15;

/** The tokens of `counts`, [class, bin, negatives then positives] of `bins` bins. */
export function tokensOf(counts: Counts, bins: number): Tokens {
  const rows = counts.length / bins;
  const tokens = new Uint8Array(nonzeros(counts));
  const extras: number[] = [];
  let [at, gap] = [0, 0];
  for (let first = 0; first < bins; first = first === 0 ? 1 : 2 * first) {
    for (let row = 0; row < rows; row++) {
      const start = indexOf(first, row, bins, rows);
      const end = start + 2 * Math.max(first, 1);
      for (let i = start; i < end; i += 2) {
        const count = counts[i];
        if (count === 0) {
          gap++;
          continue;
        }
        tokens[at++] = 16 * Math.min(gap, MOST) + Math.min(count - 1, MOST);
        if (gap >= MOST) writeNumber(extras, gap - MOST);
        if (count - 1 >= MOST) writeNumber(extras, count - 1 - MOST);
        gap = 0;
      }
    }
  }
  return { tokens, extras: Uint8Array.from(extras) };
}

function nonzeros(counts: Counts): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] !== 0) sum++;
  return sum;
}

/** Fills `counts`, all 0, of `bins` bins, from tokens. Returns whether they are of counts of this size. */
export function fillCounts({ tokens, extras }: Tokens, bins: number, counts: Counts): boolean {
  const rows = counts.length / bins;
  let [place, read] = [0, 0];
  const number = (digit: number) => {
    if (digit < MOST) return digit;
    let rest = 0;
    for (let scale = 1; read < extras.length; scale *= 128) {
      const byte = extras[read++];
      rest += scale * (byte % 128);
      if (byte < 128) break;
    }
    return MOST + rest;
  };
  for (const token of tokens) {
    place += number(token >> 4);
    if (place >= counts.length) return false;
    counts[placed(place, bins, rows)] = 1 + number(token & 15);
    place++;
  }
  return read === extras.length;
}

// The index in `counts` of the count that is taken in this place.
function placed(place: number, bins: number, rows: number): number {
  const first = place < rows ? 0 : 2 ** (31 - Math.clz32(place / rows));
  const width = Math.max(first, 1);
  const inOctave = place - first * rows;
  return indexOf(first + (inOctave % width), Math.floor(inOctave / width), bins, rows);
}

// A row is one of the two counts of all bins of a class: first come the negatives of all classes, then the positives.
function indexOf(bin: number, row: number, bins: number, rows: number): number {
  const classes = rows / 2;
  return 2 * (bins * (row % classes) + bin) + (row < classes ? 0 : 1);
}

function writeNumber(bytes: number[], number: number): void {
  let rest = number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(128 + (rest % 128));
  bytes.push(rest);
}

// How a picture is divided into tiles, along one of its axes.
import type { Reach } from "./reach.js";

/** How wide tiles are, how much is read around each, and over how many pixels neighbours are blended. */
export interface Tiling {
  readonly tile: number;
  readonly margin: number;
  readonly blend: number;
  /** Tiles begin at multiples of this. */
  readonly block: number;
}

/** The part of a tile, along one axis, whose logits are used: from `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** Where its weight rises from 0 to 1, while that of the tile before falls. */
  readonly rise: Ramp | null;
  /** Where its weight falls from 1 to 0. */
  readonly fall: Ramp | null;
}

interface Ramp {
  readonly from: number;
  readonly length: number;
}

// so many pixels hide a seam between tiles that see different parts of the picture
const BLEND = 64;

/** Tiles of `tile` pixels, of which neighbours read `overlap` pixels in common; by default as many as `reach` asks for. */
export function tilingOf(reach: Reach, tile = reach.tile, overlap = 2 * reach.margin + (reach.isLocal ? 0 : BLEND)): Tiling {
  const { block, margin, isLocal } = reach;
  const isExact = isLocal && overlap >= 2 * margin;
  // where that is impossible, half of what is read in common is blended
  const read = isExact ? margin : Math.min(margin, Math.floor(overlap / 4));
  return { tile, margin: read, blend: overlap - 2 * read, block };
}

/** The spans of an axis of `extent` pixels. */
export function spansOf(extent: number, { tile, blend, block }: Tiling): Span[] {
  const count = Math.ceil(extent / tile);
  const step = block * Math.ceil(extent / count / block);
  const starts = Array.from({ length: Math.ceil(extent / step) }, (_, i) => i * step);
  // more would blend three tiles
  const length = 2 * Math.floor(Math.min(blend, step) / 2);
  const rampAt = (boundary: number) => ({ from: boundary - length / 2, length });
  return starts.map((start, i) => {
    const rise = i === 0 ? null : rampAt(start);
    const fall = i === starts.length - 1 ? null : rampAt(start + step);
    return { start: rise ? rise.from : 0, end: Math.min(extent, fall ? fall.from + length : extent), rise, fall };
  });
}

/** The weight of a span's logits at `at`; those of neighbours add up to 1. */
export function weightAt({ rise, fall }: Span, at: number): number {
  if (rise && at < rise.from + rise.length) return (at + 0.5 - rise.from) / rise.length;
  return fall && at >= fall.from ? 1 - (at + 0.5 - fall.from) / fall.length : 1;
}

/**
 * What a tile reads along an axis of `extent` pixels: from `from` to before `to`. Its blocks are those of the whole picture, which are
 * counted from its begin, or from its end if it is `mirrored`.
 */
export function readBy({ start, end }: Span, extent: number, { margin, block }: Tiling, mirrored: boolean): { from: number; to: number } {
  const [from, to] = [Math.max(0, start - margin), Math.min(extent, end + margin)];
  if (mirrored) return { from, to: extent - block * Math.floor((extent - to) / block) };
  return { from: block * Math.floor(from / block), to };
}

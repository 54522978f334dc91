// The layout of a summary's bytes, in little-endian order, for `toBytes` and `fromBytes`:
//
//   offset  type        what
//        0  4 bytes     "LVZS"
//        4  u8          version of the layout
//        5  u8          loss: its index in LOSSES
//        6  u8          log2(bins)
//        7  u8          64 + log2(range)
//        8  u32         classes
//       12  u32         number of tokens (tokens.ts)
//       16  u32         bytes of their extras
//       20  f64         pixels
//       28  f64 [classes]  pixels of each class
//        .  bytes       tokens and extras, one after the other, packed by DEFLATE
//  end - 32  32 bytes    SHA-256 of all bytes before
import type { SketchLoss } from "./summary.js";

export const MAGIC: readonly number[] = [0x4c, 0x56, 0x5a, 0x53];

export const VERSION = 1;

export const LOSSES: readonly SketchLoss[] = ["hinge", "sigmoid", "softmax"];

export const RANGE_ZERO = 64;

/** The bytes before the pixels of each class. */
export const HEAD = 28;

export const CHECKSUM_BYTES = 32;

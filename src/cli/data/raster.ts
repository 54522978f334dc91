// A decoded file as it was stored: what pictures and masks are both made from.

/** Values as stored, 1 (grey or palette index), 2 (grey, alpha), 3 (colour) or 4 (colour, alpha) a pixel, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly values: Uint8Array | Uint16Array;
  /** The value of full brightness. */
  readonly white: number;
  /** The colours of palette indices, red, green and blue (and alpha) from 0 to 255. */
  readonly palette?: readonly (readonly number[])[];
  /** Whether the compression changed the values. */
  readonly lossy: boolean;
  /** How the picture is stored, as EXIF numbers it: 1 upright, 2 to 8 turned or mirrored. */
  readonly orientation: number;
  /** Pages of the file; the first is the one that is read. */
  readonly pages: number;
}

// the most pixels a file may claim to have: more is taken for damage or malice
const MOST_PIXELS = 64 * 2 ** 20;

/** Why `width` x `height` is no size to decode, or an empty string. */
export function badSize(width: number, height: number): string {
  if (width > 0 && height > 0 && width * height <= MOST_PIXELS) return "";
  return `claims ${width} x ${height} pixels, expected 1 to ${MOST_PIXELS} in all; cut it into tiles`;
}

/** The result of a decoder, whose own errors say little to people who did not write it. */
export function attempt<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw damaged((error as Error).message);
  }
}

export function damaged(why: string): Error {
  return new Error(`is damaged (${why})`);
}

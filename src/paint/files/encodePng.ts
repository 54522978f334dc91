// PNG files. A canvas would write them, too, but browsers that protect from fingerprinting change what is read from it, and labels must
// stay.
// https://www.w3.org/TR/png-3/
import { crc32 } from "./crc32.js";
import { deflated } from "./deflate.js";
import { pacing } from "./pacing.js";

/** A picture that is made, or read, some rows at a time. */
export interface Rows {
  readonly width: number;
  readonly height: number;
  /** 1: grey; 3: red, green, blue. */
  readonly channels: 1 | 3;
  /** The values of the rows from `from` up to, and without, `to`. */
  rows(from: number, to: number): Uint8Array | Uint8ClampedArray;
}

/** The first bytes of every PNG file. */
export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The file of `image`, of 8 bits a value. */
export async function encodePng(image: Rows): Promise<Blob> {
  const { width, height, channels } = image;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8);
  header.setUint8(9, channels === 1 ? 0 : 2);
  const chunks = [
    await chunk("IHDR", new Blob([header])),
    await chunk("IDAT", await deflated(filtered(image), "deflate")),
    await chunk("IEND", new Blob()),
  ];
  return new Blob([SIGNATURE, ...chunks], { type: "image/png" });
}

const PIECE = 2 ** 16;

// each row begins with a zero: it is not filtered
async function* filtered({ width, height, channels, rows }: Rows): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const rest = pacing();
  const row = channels * width;
  const step = Math.max(1, Math.floor(PIECE / row));
  for (let from = 0; from < height; from += step) {
    const to = Math.min(from + step, height);
    const values = rows(from, to);
    const piece = new Uint8Array((to - from) * (1 + row));
    for (let y = 0; y < to - from; y++) piece.set(values.subarray(y * row, (y + 1) * row), y * (1 + row) + 1);
    await rest();
    yield piece;
  }
}

async function chunk(type: string, data: Blob): Promise<Blob> {
  const body = new Blob([type, data]);
  return new Blob([bigEndian(data.size), body, bigEndian(await crc32(body))]);
}

function bigEndian(value: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value);
  return view.buffer;
}

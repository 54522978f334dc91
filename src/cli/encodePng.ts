// PNG files, compressed by Node's own zlib: that of fast-png takes five times as long.
// https://www.w3.org/TR/png-3/
import { crc32, deflateSync } from "node:zlib";

/** Grey or red, green and blue values, row by row, of 8 or 16 bits. */
export interface Plain {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array | Uint16Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A file of `image`; `software` names what wrote it. The chunk with that name is the second one. */
export function encodePng({ width, height, channels, data }: Plain, software: string): Buffer {
  const bytes = data.BYTES_PER_ELEMENT;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8 * bytes, channels === 1 ? 0 : 2], 8);
  // values of two bytes come with the higher byte first
  const values = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const row = bytes * channels * width;
  const rows = Buffer.alloc((1 + row) * height);
  // each row begins with a zero: it is not filtered
  for (let y = 0; y < height; y++) values.copy(rows, y * (1 + row) + 1, y * row, (y + 1) * row);
  if (bytes === 2) for (let y = 0; y < height; y++) rows.subarray(y * (1 + row) + 1, (y + 1) * (1 + row)).swap16();
  const text = Buffer.from(`Software\0${software}`, "latin1");
  // more than level 3 gains little
  const chunks = [
    chunk("IHDR", header),
    chunk("tEXt", text),
    chunk("IDAT", deflateSync(rows, { level: 3 })),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(12 + data.length);
  whole.writeUInt32BE(data.length);
  whole.write(type, 4, "latin1");
  data.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}

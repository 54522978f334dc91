// PNG files of any kind, right or wrong, chunk by chunk.
import { crc32, deflateSync } from "node:zlib";

export interface RawPng {
  width: number;
  height: number;
  depth: number;
  colour: number;
  interlace?: number;
  palette?: number[];
  /** Each row's bytes behind its filter byte, before compression. */
  rows: number[][];
}

export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(data.length);
  body.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
}

export function rawPng({ width, height, depth, colour, interlace = 0, palette, rows }: RawPng): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlace], 8);
  const pixels = Buffer.from(rows.flatMap((row) => [0, ...row]));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    palette ? chunk("PLTE", Buffer.from(palette)) : Buffer.alloc(0),
    chunk("IDAT", deflateSync(pixels)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

// The checksum of zip and PNG files.
import { pacing } from "./pacing.js";

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

const PIECE = 2 ** 18;

/** The CRC-32 of `content`, which is read in pieces. */
export async function crc32(content: Blob): Promise<number> {
  const rest = pacing();
  let crc = 0xffffffff;
  for (let at = 0; at < content.size; at += PIECE) {
    const bytes = new Uint8Array(await content.slice(at, at + PIECE).arrayBuffer());
    for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
    await rest();
  }
  return (crc ^ 0xffffffff) >>> 0;
}

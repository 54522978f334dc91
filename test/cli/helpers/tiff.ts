/** The body of an EXIF block that knows nothing but an orientation, from 1 (upright) to 8. */
export function tiff(orientation: number, little: boolean): Buffer {
  const block = Buffer.alloc(26);
  block.write(little ? "II" : "MM");
  const [u16, u32] = little ? (["writeUInt16LE", "writeUInt32LE"] as const) : (["writeUInt16BE", "writeUInt32BE"] as const);
  block[u16](42, 2);
  block[u32](8, 4);
  block[u16](1, 8);
  block[u16](0x0112, 10);
  block[u16](3, 12);
  block[u32](1, 14);
  block[u16](orientation, 18);
  return block;
}

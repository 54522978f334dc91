// The orientation that cameras leave in EXIF blocks, of JPEG files and of PNG files.

/**
 * Throws an Error if the TIFF structure of an EXIF block says that the picture is stored turned or mirrored: a mask drawn
 * over it may be turned as stored or as shown, nobody can tell, so the picture must be upright.
 */
export function refuseTurned(tiff: Uint8Array): void {
  const orientation = readOrientation(tiff);
  if (orientation === 1) return;
  throw new Error(`is stored turned or mirrored (EXIF orientation ${orientation}); save it upright, as its mask is`);
}

// 1 (upright) where there is none, or where what there is does not hold together
function readOrientation(bytes: Uint8Array): number {
  if (bytes.length < 8) return 1;
  const tiff = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = tiff.getUint16(0) === 0x4949;
  const first = tiff.getUint32(4, little);
  if (first + 2 > tiff.byteLength) return 1;
  const entries = tiff.getUint16(first, little);
  for (let i = 0; i < entries; i++) {
    const at = first + 2 + 12 * i;
    if (at + 12 > tiff.byteLength) return 1;
    if (tiff.getUint16(at, little) === 0x0112) return tiff.getUint16(at + 8, little) || 1;
  }
  return 1;
}

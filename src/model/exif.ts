// The orientation that cameras leave in EXIF blocks, of JPEG files and of PNG files.

const ORIENTATION = 0x0112;

/**
 * How the TIFF structure of an EXIF block says that its picture is stored: 1 upright, 2 to 8 turned or mirrored. It is 1 too
 * where the block says nothing, is damaged, or says what EXIF does not know.
 */
export function readOrientation(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (view.byteLength < 8) return 1;
  const order = view.getUint16(0);
  const little = order === 0x4949;
  if ((!little && order !== 0x4d4d) || view.getUint16(2, little) !== 42) return 1;
  const first = view.getUint32(4, little);
  if (first + 2 > view.byteLength) return 1;
  const entries = view.getUint16(first, little);
  for (let i = 0; i < entries; i++) {
    const at = first + 2 + 12 * i;
    if (at + 12 > view.byteLength) return 1;
    if (view.getUint16(at, little) !== ORIENTATION) continue;
    const value = readValue(view, at, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

// EXIF asks for a SHORT, but some programs write a BYTE or a LONG; 0 where it is none of the three
function readValue(view: DataView, at: number, little: boolean): number {
  if (view.getUint32(at + 4, little) !== 1) return 0;
  const type = view.getUint16(at + 2, little);
  if (type === 1) return view.getUint8(at + 8);
  if (type === 3) return view.getUint16(at + 8, little);
  return type === 4 ? view.getUint32(at + 8, little) : 0;
}

// PNG files of labels as encodePng writes them, grey of 8 bits, or as other programs save those again.
// https://www.w3.org/TR/png-3/
import { faults } from "../strings.js";
import { inflated } from "./deflate.js";
import { SIGNATURE } from "./encodePng.js";
import { pacing } from "./pacing.js";

/** Labels, row by row. */
export interface Labels {
  readonly width: number;
  readonly height: number;
  readonly labels: Uint8Array;
  /** The labels that there are, each once. */
  readonly found: readonly number[];
}

/** The labels in a PNG file, which has to be of this size; throws an Error that goes on after the name of the file. */
export async function decodeLabels(file: Blob, size: Pick<Labels, "width" | "height">): Promise<Labels> {
  const bytes = await file.arrayBuffer();
  const view = new DataView(bytes);
  if (bytes.byteLength < 33 || !SIGNATURE.every((byte, i) => view.getUint8(i) === byte)) throw new Error(faults.png.none);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  // depth 8, grey, the only compression and filtering there is, not interlaced
  const isGrey = [8, 0, 0, 0, 0].every((value, i) => view.getUint8(24 + i) === value);
  if (!isGrey) throw new Error(faults.png.notGrey);
  // before it is unpacked, which may take much memory
  if (width !== size.width || height !== size.height) {
    throw new Error(faults.png.size(`${width} x ${height}`, `${size.width} x ${size.height}`));
  }
  const data: ArrayBuffer[] = [];
  for (let at = SIGNATURE.length; at + 12 <= bytes.byteLength; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.byteLength) throw new Error(faults.png.truncated);
    if (view.getUint32(at + 4) === IDAT) data.push(bytes.slice(at + 8, end - 4));
    at = end;
  }
  const rows = await inflated(new Blob(data), "deflate", (1 + width) * height);
  return { width, height, ...(await unfiltered(rows, width, height)) };
}

const IDAT = 0x49444154;

async function unfiltered(rows: Uint8Array, width: number, height: number): Promise<Pick<Labels, "labels" | "found">> {
  const rest = pacing();
  const labels = new Uint8Array(width * height);
  const isFound = new Uint8Array(256);
  for (let y = 0; y < height; y++) {
    const start = y * (1 + width) + 1;
    const filter = rows[start - 1];
    if (filter > 4) throw new Error(faults.damaged);
    const row = labels.subarray(y * width, (y + 1) * width);
    const above = y === 0 ? new Uint8Array(width) : labels.subarray((y - 1) * width, y * width);
    for (let x = 0; x < width; x++) {
      const predicted = filter === 0 ? 0 : predict(filter, x === 0 ? 0 : row[x - 1], above[x], x === 0 ? 0 : above[x - 1]);
      row[x] = rows[start + x] + predicted;
      isFound[row[x]] = 1;
    }
    await rest();
  }
  return { labels, found: [...isFound.keys()].filter((label) => isFound[label]) };
}

function predict(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  // Paeth: the neighbour that is nearest to left + above - corner
  const [toLeft, toAbove, toCorner] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

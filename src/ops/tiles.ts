// A convolution goes over its images tile by tile, each laid out with zeros around it: see assembly/ops/conv2d.ts.
import { kernels } from "../wasm/instance.js";
import { scratch } from "../wasm/memory.js";

/** What a convolution reads: `batch` images at `pointer`, with `top` and `left` zeros before them (below 0: that many pixels fewer). */
export interface Source {
  readonly pointer: number;
  readonly batch: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly top: number;
  readonly left: number;
  readonly stride: number;
}

/** What it makes of them: planes of outHeight x outWidth. */
export interface Windows {
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/** A part of the output's planes, and what it is made from. */
export interface Tile {
  /** The padded pixels, and bytes from row to row. */
  readonly padded: number;
  readonly pitch: number;
  /** See conv2dTerms. */
  readonly terms: number;
  readonly image: number;
  /** The first row and column of the output, and how many there are. */
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

// bytes of padded pixels to aim at: they stay in the second cache while they are worked on
const TILE_BYTES = 2 ** 18;

/** Calls `each` with tile after tile; at most `limit` bytes of padded pixels at once, or as many as a single window wants. */
export function eachTile(source: Source, windows: Windows, limit: number, each: (tile: Tile) => void): void {
  const { pointer, batch, channels, height, width, top, left, stride } = source;
  const { kernelHeight, kernelWidth, outHeight, outWidth } = windows;
  // padded planes have so many rows and columns more than the output
  const [below, beside] = [Math.ceil(kernelHeight / stride) - 1, Math.ceil(kernelWidth / stride) - 1];
  const [phasesY, phasesX] = [Math.min(stride, kernelHeight), Math.min(stride, kernelWidth)];
  const asIs = stride === 1 && top === 0 && left === 0 && outHeight + below === height && outWidth + beside === width;
  const pixelBytes = 4 * channels * phasesY * phasesX;
  const most = asIs ? { rows: outHeight, columns: outWidth } : tileSize(pixelBytes, windows, below, beside, limit);
  const [planeHeight, planeWidth] = [most.rows + below, most.columns + beside];
  scratch([asIs ? 0 : pixelBytes * planeHeight * planeWidth, 4 * channels * kernelHeight * kernelWidth], (room, terms) => {
    kernels.conv2dTerms(terms, channels, kernelHeight, kernelWidth, stride, planeHeight, planeWidth);
    const pad = (from: number, row: number, column: number) => {
      const [above, before] = [top - row * stride, left - column * stride];
      const planes = [phasesY, phasesX, planeHeight, planeWidth] as const;
      kernels.conv2dPad_f32(from, room, channels, height, width, above, before, stride, ...planes);
      return room;
    };
    for (let image = 0; image < batch; image++) {
      const from = pointer + 4 * image * channels * height * width;
      for (let row = 0; row < outHeight; row += most.rows) {
        const rows = Math.min(most.rows, outHeight - row);
        for (let column = 0; column < outWidth; column += most.columns) {
          const columns = Math.min(most.columns, outWidth - column);
          const padded = asIs ? from : pad(from, row, column);
          each({ padded, pitch: 4 * planeWidth, terms, image, row, rows, column, columns });
        }
      }
    }
  });
}

// Whole rows, several of them: what lies below is padded for each tile anew. Only where a few do not fit, parts of rows.
function tileSize(pixelBytes: number, { outHeight, outWidth }: Windows, below: number, beside: number, limit: number) {
  const rowBytes = pixelBytes * (outWidth + beside);
  const few = Math.min(outHeight, Math.max(8, Math.floor(TILE_BYTES / rowBytes) - below));
  const allowed = Math.max(limit, TILE_BYTES);
  const rows = rowBytes * (few + below) <= allowed ? few : Math.max(1, Math.min(few, Math.floor(allowed / rowBytes) - below));
  if (rowBytes * (rows + below) <= allowed) return { rows, columns: outWidth };
  return { rows, columns: Math.max(1, Math.min(outWidth, Math.floor(allowed / (pixelBytes * (rows + below))) - beside)) };
}

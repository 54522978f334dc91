// A convolution processes its images tile by tile, each copied with its padding of zeros: see assembly/ops/conv2d.ts.
import { kernels } from "../wasm/instance.js";
import { scratch } from "../wasm/memory.js";

/**
 * The input of a convolution: `batch` images at `pointer`, with `top` rows and `left` columns of zeros before them (if negative, that
 * many pixels are skipped).
 */
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

/** The kernel of a convolution, and its output planes of outHeight x outWidth. */
export interface Windows {
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/** A tile of the output planes, and the padded input it is computed from. */
export interface Tile {
  /** A pointer to the padded pixels. */
  readonly padded: number;
  /** The bytes from one padded row to the next. */
  readonly pitch: number;
  /** A pointer to the offsets of the kernel's terms, see conv2dTerms. */
  readonly terms: number;
  readonly image: number;
  /** The first row and column of the tile in the output, and the numbers of rows and columns. */
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

// the target size of the padded pixels in bytes: they stay in the L2 cache while in use
const TILE_BYTES = 2 ** 18;

/** Calls `each` for every tile. The padded pixels of a tile take at most `limit` bytes, or what a single window needs. */
export function eachTile(source: Source, windows: Windows, limit: number, each: (tile: Tile) => void): void {
  const { pointer, batch, channels, height, width, top, left, stride } = source;
  const { kernelHeight, kernelWidth, outHeight, outWidth } = windows;
  // the extra rows and columns of the padded planes, compared with the output
  const [below, beside] = [Math.ceil(kernelHeight / stride) - 1, Math.ceil(kernelWidth / stride) - 1];
  const [phasesY, phasesX] = [Math.min(stride, kernelHeight), Math.min(stride, kernelWidth)];
  const asIs = stride === 1 && top === 0 && left === 0 && outHeight + below === height && outWidth + beside === width;
  const pixelBytes = 4 * channels * phasesY * phasesX;
  const most = asIs ? { rows: outHeight, columns: outWidth } : tileSize(pixelBytes, windows, below, beside, limit);
  const [planeHeight, planeWidth] = [most.rows + below, most.columns + beside];
  scratch([asIs ? 0 : pixelBytes * planeHeight * planeWidth, 4 * channels * kernelHeight * kernelWidth], (pixels, terms) => {
    kernels.conv2dTerms(terms, channels, kernelHeight, kernelWidth, stride, planeHeight, planeWidth);
    const pad = (from: number, row: number, column: number) => {
      const [above, before] = [top - row * stride, left - column * stride];
      const planes = [phasesY, phasesX, planeHeight, planeWidth] as const;
      kernels.conv2dPad_f32(from, pixels, channels, height, width, above, before, stride, ...planes);
      return pixels;
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

// Prefers several whole rows, as each tile copies the rows below it again. Only where few rows do not fit, it splits rows.
function tileSize(pixelBytes: number, { outHeight, outWidth }: Windows, below: number, beside: number, limit: number) {
  const rowBytes = pixelBytes * (outWidth + beside);
  const few = Math.min(outHeight, Math.max(8, Math.floor(TILE_BYTES / rowBytes) - below));
  const allowed = Math.max(limit, TILE_BYTES);
  const rows = rowBytes * (few + below) <= allowed ? few : Math.max(1, Math.min(few, Math.floor(allowed / rowBytes) - below));
  if (rowBytes * (rows + below) <= allowed) return { rows, columns: outWidth };
  return { rows, columns: Math.max(1, Math.min(outWidth, Math.floor(allowed / (pixelBytes * (rows + below))) - beside)) };
}

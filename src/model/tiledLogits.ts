// The logits of a picture of any size, tile by tile, so that memory does not limit it.
import { LovaszError } from "../errors.js";
import type { Module } from "../nn/module.js";
import { recordMoments, withMoments } from "../ops/groupMoments.js";
import type { Moments } from "../ops/norm.js";
import { tidy } from "../tensor/scope.js";
import { noGrad } from "../tensor/tape.js";
import { breathe } from "./breathe.js";
import { type Box, cut } from "./cut.js";
import { logitsOf } from "./logits.js";
import { rememberModes } from "./modes.js";
import { mosaicOf } from "./mosaic.js";
import { isOutOfMemory, zerosFor } from "./outOfMemory.js";
import type { Pixels } from "./pixels.js";
import { fillPlanes } from "./planes.js";
import { reachOf } from "./reach.js";
import { readBy, type Span, spansOf, type Tiling, tilingOf, weightAt } from "./tiles.js";

/** How a picture is predicted. */
export interface Tiles {
  readonly tile?: number;
  readonly overlap?: number;
  /** Where group normalisation has its statistics from. Default: the picture itself, so a part of a picture names a sample of the whole. */
  readonly sample?: Pixels;
  /** The turns of `cut` whose logits are averaged; each without the bit that swaps rows and columns. Default: the picture as it is. */
  readonly turns?: readonly number[];
  /** Called after each tile, with the fraction that is done. */
  readonly onProgress?: (done: number) => unknown;
  readonly signal?: { readonly aborted: boolean; readonly reason?: unknown };
}

/** Whole rows of logits [C, rows, width], of which the first is row `upper` of the picture. */
export interface Rows {
  readonly logits: Float32Array;
  readonly channels: number;
  readonly upper: number;
  readonly rows: number;
}

/**
 * Hands the logits that `network`, in evaluation mode, has for `pixels` to `take`, from the top row to the bottom one. `channels` is how
 * many there should be; null takes any. Lets the event loop run between tiles. Rejects with `LovaszError` "shape" or "memory", and with the
 * reason of the `signal` once it is aborted.
 */
export async function tiledLogits(
  network: Module,
  pixels: Pixels,
  channels: number | null,
  take: (rows: Rows) => void,
  { tile, overlap, sample, turns = [0], onProgress = () => {}, signal }: Tiles = {},
): Promise<void> {
  const reach = reachOf(network);
  const tiling = tilingOf(reach, tile, overlap);
  const columns = spansOf(pixels.width, tiling);
  const bands = spansOf(pixels.height, tiling);
  const whole = columns.length * bands.length;
  const view = (turn: number) => ({ network, pixels, turn, channels, multiple: reach.pad });
  const isSampled = reach.hasStatistics && (sample !== undefined || whole > 1);
  const statistics = isSampled ? turns.map((turn) => statisticsOf(view(turn), sample ?? mosaicOf(pixels))) : [];
  let done = 0;
  let sums: Sums | null = null;
  for (const [i, band] of bands.entries()) {
    for (const column of columns) {
      if (signal?.aborted) throw signal.reason ?? new DOMException("This operation was aborted", "AbortError");
      for (const [k, turn] of turns.entries()) {
        const box = boxOf(pixels, column, band, tiling, turn);
        const logits = withMoments(statistics[k] ?? [], () => logitsIn(box, view(turn)));
        sums ??= new Sums(pixels.width, logits.channels, band);
        sums.add(logits, { column, band, turn, box }, 1 / turns.length);
      }
      await onProgress(++done / whole);
      if (done < whole) await breathe();
    }
    const next = bands[i + 1];
    take((sums as Sums).upTo(next?.start ?? pixels.height));
    if (next) (sums as Sums).goOn(next);
  }
}

/** A network, and the picture that it sees, turned. */
interface View {
  readonly network: Module;
  readonly pixels: Pixels;
  readonly turn: number;
  /** How many channels the logits should have, or null. */
  readonly channels: number | null;
  /** Width and height are padded to multiples of this. */
  readonly multiple: number;
}

// The statistics of group normalisation, which are to be those of the whole picture in all tiles: from a sample of it.
function statisticsOf(view: View, pixels: Pixels): Moments[] {
  const { width, height } = pixels;
  return recordMoments(() => logitsIn({ left: 0, upper: 0, width, height }, { ...view, pixels }));
}

function boxOf({ width, height }: Pixels, column: Span, band: Span, tiling: Tiling, turn: number): Box {
  const [x, y] = [readBy(column, width, tiling, (turn & 1) > 0), readBy(band, height, tiling, (turn & 2) > 0)];
  return { left: x.from, upper: y.from, width: x.to - x.from, height: y.to - y.from };
}

/** Logits [channels, height, stride] of a box, turned. */
interface Logits {
  readonly values: Float32Array;
  readonly channels: number;
  readonly stride: number;
  readonly plane: number;
}

function logitsIn(box: Box, { network, pixels, turn, channels, multiple }: View): Logits {
  const [width, height] = [box.width, box.height].map((extent) => multiple * Math.ceil(extent / multiple));
  const restore = rememberModes(network);
  try {
    const input = new Float32Array(3 * width * height);
    const seen = { ...pixels, width: box.width, height: box.height, rgb: cut(pixels.rgb, 3, pixels.width, box, turn) };
    fillPlanes(seen, input, 0, width, height);
    network.eval();
    return noGrad(() =>
      tidy(() => {
        const { data, shape } = logitsOf(network, { pixels: input, shape: [1, 3, height, width] }, channels);
        return { values: data.slice(), channels: shape[1], stride: width, plane: width * height };
      }),
    );
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    const why = `a tile that reads ${box.width} x ${box.height} pixels needs more memory than there is; lower tile, or use a smaller network`;
    throw new LovaszError("memory", `predict: ${why}`, { cause: error });
  } finally {
    restore();
  }
}

/** What a tile contributes to. */
interface Place {
  readonly column: Span;
  readonly band: Span;
  readonly turn: number;
  readonly box: Box;
}

/** Weighted sums of the logits of a band of tiles: [channels, rows of the band, width]. */
class Sums {
  readonly #width: number;
  readonly #channels: number;
  #upper: number;
  #rows: number;
  #values: Float32Array;

  constructor(width: number, channels: number, { start, end }: Span) {
    this.#width = width;
    this.#channels = channels;
    this.#upper = start;
    this.#rows = end - start;
    this.#values = this.#zeros(this.#rows);
  }

  add({ values, stride, plane }: Logits, { column, band, turn, box }: Place, share: number): void {
    const [mirrored, flipped] = [(turn & 1) > 0, (turn & 2) > 0];
    const weights = Float32Array.from({ length: column.end - column.start }, (_, i) => weightAt(column, column.start + i));
    const first = mirrored ? box.left + box.width - 1 - column.start : column.start - box.left;
    const step = mirrored ? -1 : 1;
    for (let channel = 0; channel < this.#channels; channel++) {
      for (let y = band.start; y < band.end; y++) {
        const weight = share * weightAt(band, y);
        const row = flipped ? box.upper + box.height - 1 - y : y - box.upper;
        let from = channel * plane + row * stride + first;
        let to = (channel * this.#rows + y - this.#upper) * this.#width + column.start;
        for (let i = 0; i < weights.length; i++, from += step) this.#values[to++] += weight * weights[i] * values[from];
      }
    }
  }

  /** The finished rows before row `end` of the picture. */
  upTo(end: number): Rows {
    return {
      logits: this.#cut(this.#upper, end, end - this.#upper),
      channels: this.#channels,
      upper: this.#upper,
      rows: end - this.#upper,
    };
  }

  /** Goes on to the next band, keeping the rows that it shares with this one. */
  goOn({ start, end }: Span): void {
    this.#values = this.#cut(start, this.#upper + this.#rows, end - start);
    [this.#upper, this.#rows] = [start, end - start];
  }

  // the rows from `start` to before `end`, as the first of `rows`
  #cut(start: number, end: number, rows: number): Float32Array {
    const taken = this.#zeros(rows);
    for (let channel = 0; channel < this.#channels; channel++) {
      const from = (channel * this.#rows - this.#upper) * this.#width;
      const values = this.#values.subarray(from + start * this.#width, from + end * this.#width);
      taken.set(values, channel * rows * this.#width);
    }
    return taken;
  }

  #zeros(rows: number): Float32Array {
    const [channels, width] = [this.#channels, this.#width];
    return zerosFor(channels * rows * width, `a row of tiles of ${channels} x ${rows} x ${width} logits`, "lower tile");
  }
}

// Where the bytes of a call lie in the memory that the workers' cores share. All offsets are in bytes from the start of the memory.
//
//   0              8 MiB                           72 MiB
//   ├──────────────┼───────────────────────────────┼────────────────┬────────────────┬──────
//   │ unused       │ static data of the cores,     │ block of       │ block of       │ ...
//   │              │ 256 KiB for each worker index │ one call       │ another call   │
//   └──────────────┴───────────────────────────────┴────────────────┴────────────────┴──────
//
// src/wasm/sharedMemory.ts hands out the blocks. A block holds arrays, one after another, each at a multiple of 64 bytes.
//
// The block of a softmax that is cut into slabs of pixels (partition/slabs.ts):
//
//   logits          f32 [slabs, images, classes, width]    copied there by the calling thread
//   labels          i32 [slabs, images, width]             likewise; -1 where a pixel is ignored
//   weights         f32 [slabs, images, width]             likewise; only where pixels have weights
//   probabilities   f32 [slabs, images, classes, width]    in tiles, see assembly/lovasz/errors/tile.ts
//   keys            f32 [slabs, images, classes, width]    what errors are sorted by, or their bin addresses relative to the scratch
//                                                          of worker 0; in the end the gradient by the logits
//   otherSums       f32 [slabs, images, 2, width]          only where errors are sorted
//   argmax          i32 [slabs, images, width]             the class of the largest probability
//   classGradients  f32 [classes, slabs, images, width]    by the probabilities
//   losses          f64 [classes that count]
//   pixelQueue, classQueue, gradientQueue                  a work queue for each step
//   tasks           [workers, TASK_BYTES]                  what a kernel is given, for one worker each
//   scratch         [workers, scratchBytes]                records or tables of bins, likewise
//
// The block of an image that is cut into strips of pixels (partition/strips.ts):
//
//   values          f32 [pixels]                           copied there by the calling thread
//   labels          i32 [pixels]                           likewise; -1 where a pixel is ignored
//   errors          f32 [pixels]
//   gradient        f32 [pixels]                           bin addresses first
//   tables          [strips, tableBytes]                   counts of the bins; in the end, the first holds their derivatives
//   ranges          f64 [strips]                           what the errors of a strip lie below
import { TILE } from "../../../losses/lovaszClasses.js";
import { TASK_BYTES } from "../../../losses/task.js";
import { roomFor } from "../../../losses/workspace.js";
import { WorkQueue } from "./WorkQueue.js";

/** The arrays of a block, by name. */
export interface Layout<Name extends string> {
  /** How large the block is. */
  readonly bytes: number;
  /** The offset of each array in a block that begins at `start`. */
  offsets(start: number): Record<Name, number>;
}

const aligned = (bytes: number) => 64 * Math.ceil(bytes / 64);

function inSequence<Name extends string>(sizes: Record<Name, number>): Layout<Name> {
  const entries = Object.entries<number>(sizes);
  return {
    bytes: entries.reduce((sum, [, bytes]) => sum + aligned(bytes), 0),
    offsets: (start) => {
      let end = start;
      const offsets = entries.map(([name, bytes]) => {
        const offset = end;
        end += aligned(bytes);
        return [name, offset];
      });
      return Object.fromEntries(offsets);
    },
  };
}

/** How a softmax is cut into slabs. */
export interface SlabExtents {
  images: number;
  classes: number;
  slabs: number;
  /** Pixels of an image in a slab. */
  width: number;
  /** Bins of the histogram, or 0 to sort. */
  bins: number;
  /** Whether pixels have weights. */
  weighted: boolean;
  /** The classes that count. */
  order: readonly number[];
}

const SLAB_ARRAYS = [
  "logits",
  "labels",
  "weights",
  "probabilities",
  "keys",
  "otherSums",
  "argmax",
  "classGradients",
  "losses",
  "pixelQueue",
  "classQueue",
  "gradientQueue",
  "tasks",
  "scratch",
] as const;

export type SlabOffsets = Record<(typeof SLAB_ARRAYS)[number], number>;

/** The block of a softmax, for so many workers. */
export function slabLayout(extents: SlabExtents, workers: number): Layout<keyof SlabOffsets> {
  const { images, classes, slabs, width, bins, weighted, order } = extents;
  const row = aligned(4 * slabs * images * width);
  const planes = aligned(4 * slabs * images * width * classes);
  return inSequence<keyof SlabOffsets>({
    logits: planes,
    labels: row,
    weights: weighted ? row : 0,
    probabilities: planes,
    keys: planes,
    otherSums: bins > 0 ? 0 : 2 * row,
    argmax: row,
    classGradients: planes,
    losses: 8 * order.length,
    pixelQueue: WorkQueue.bytes(slabs),
    classQueue: WorkQueue.bytes(order.length),
    gradientQueue: WorkQueue.bytes(slabs),
    tasks: workers * TASK_BYTES,
    scratch: workers * scratchBytes(extents),
  });
}

/** The scratch of one worker: for the softmax of a tile in three arrays, and for the loss of a class. */
export function scratchBytes({ images, classes, slabs, width, bins }: SlabExtents): number {
  const tile = 12 * TILE * classes;
  return aligned(Math.max(tile, bins > 0 ? 24 * (bins + 1) : roomFor(slabs * images * width, 1).bytes));
}

export type StripOffsets = Record<"values" | "labels" | "errors" | "gradient" | "tables" | "ranges", number>;

/** The block of an image of `n` pixels, in so many strips. */
export function stripLayout(n: number, bins: number, strips: number): Layout<keyof StripOffsets> {
  const row = 4 * n;
  return inSequence<keyof StripOffsets>({
    values: row,
    labels: row,
    errors: row,
    gradient: row,
    tables: strips * tableBytes(bins),
    ranges: 8 * strips,
  });
}

/** The table of one strip: a count for each bin, and later its derivatives. */
export const tableBytes = (bins: number): number => aligned(8 * (bins + 1));

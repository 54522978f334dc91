import { LovaszError } from "../errors.js";
import { callable, describe, finite, flag, integer, knownOptions } from "../options.js";
import { FLIPS } from "./flips.js";
import { logitOf } from "./logitOf.js";
import { type ModelLike, readModel } from "./model.js";
import { type PictureLike, readPicture } from "./picture.js";
import { pixelsOf } from "./pixels.js";
import { predictLabels } from "./predictLabels.js";
import { type Task, taskOf } from "./task.js";

/** Options of `predict`. */
export interface PredictOptions {
  /** Larger pictures are predicted in tiles of so many pixels each way, at least 16. Default 512, for `nn.FastSCNN` 1024. */
  tile?: number;
  /**
   * How many pixels neighbouring tiles read in common. Default: as many as a logit can depend on; for networks that see more than a tile, 64
   * more, over which the tiles are blended.
   */
  overlap?: number;
  /** Whether to average the logits of the picture, its mirror images in both directions, and it upside down, in four times the time. Default false. */
  flips?: boolean;
  /** Whether the result has the probability of each class. Default false. */
  probabilities?: boolean;
  /** Foreground is where its probability is above this, between 0 and 1. Only without classes. Default 0.5. */
  cutoff?: number;
  /** Called after each tile with the fraction that is done, from 0 to 1; a promise is waited for. */
  onProgress?: (done: number) => unknown;
  /** An AbortSignal: once it is aborted, the promise is rejected with its reason before the next tile. */
  signal?: { readonly aborted: boolean; readonly reason?: unknown };
}

/** What a model says of a picture. */
export interface Prediction {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The class of each pixel, row by row; 1 for foreground and 0 for background where there are no classes. */
  readonly labels: Uint8Array;
  /** On request, the probability of each class, [C, H, W], or of foreground, [1, H, W]. */
  readonly probabilities?: Float32Array;
}

const CALL = "predict(model, picture, options)";
const NAMES = ["tile", "overlap", "flips", "probabilities", "cutoff", "onProgress", "signal"];

/**
 * What `model` says of `picture`, of any size: `ImageData`, of which alpha is dropped, or `{ data, width, height, channels }` of 8 or 16 bits.
 * It runs in evaluation mode on the calling thread, and lets the event loop run between tiles, so that a page can draw and take input.
 *
 * Memory is bounded: besides the result, a row of tiles is held. For `nn.UNet` of up to six levels, without norm or with batch
 * normalisation, the result is that of the whole picture at once. The statistics of group normalisation, of pictures over 896 pixels, are
 * those of a sample of the picture, the same in all tiles. `nn.FastSCNN` and networks of your own may see more than a tile: there tiles are
 * blended. docs/howto/predict.md says how far these are from the whole picture. A `tile` of at least the larger side predicts it at once.
 * Networks of your own read pictures padded to multiples of 4, as in `fit`.
 *
 * Rejects with `LovaszError` "option" or "data" where the arguments are wrong, "shape" where the network returns other logits, "nan" where
 * one is NaN, and "memory" where a tile, or the probabilities, need more than there is.
 *
 * @param model - What `loadNetwork` returns, or `{ network }` with what differs from the defaults.
 *
 * @example
 * ```js
 * import { nn } from "lovasz";
 * import { predict } from "lovasz/model";
 *
 * // a network for which red is foreground
 * const network = new nn.Conv2d(3, 1, 1);
 * network.loadStateDict({ weight: { shape: [1, 3, 1, 1], data: [1, -1, 0] }, bias: { shape: [1], data: [0] } });
 * const picture = { data: Uint8Array.of(200, 20, 20, 20, 200, 20), width: 2, height: 1, channels: 3 };
 * const { labels } = await predict({ network }, picture);
 * console.log([...labels]); // [ 1, 0 ]
 * ```
 */
export async function predict(model: ModelLike, picture: PictureLike, options: PredictOptions = {}): Promise<Prediction> {
  const { network, classes, normalisation } = readModel(CALL, model);
  const given = readPicture(CALL, "picture", picture);
  knownOptions(CALL, options, NAMES);
  // each is read only once, as a getter may return something else the next time
  const { tile, overlap, flips, probabilities: isWanted, cutoff, onProgress = () => {}, signal } = options;
  if (signal !== undefined && typeof signal?.aborted !== "boolean") {
    throw new LovaszError("option", `${CALL}: signal is ${describe(signal)}, expected an AbortSignal`);
  }
  const task = classes === undefined ? null : taskOf(classes ?? 1);
  const wanted = {
    task,
    probabilities: flag(CALL, "probabilities", isWanted, false),
    limit: limitOf(cutoff, task),
    tile: tile === undefined ? undefined : integer(CALL, "tile", tile, 0, 16),
    overlap: overlap === undefined ? undefined : integer(CALL, "overlap", overlap, 0, 0),
    turns: flag(CALL, "flips", flips, false) ? FLIPS : undefined,
    onProgress: callable(CALL, "onProgress", onProgress),
    signal,
  };
  const { width, height } = given;
  const pixels = pixelsOf(given, normalisation);
  // the caller may use its memory for the next picture between two tiles
  const own = pixels.rgb === given.data ? { ...pixels, rgb: given.data.slice() } : pixels;
  const { labels, probabilities } = await predictLabels(network, own, wanted);
  return probabilities ? { width, height, labels, probabilities } : { width, height, labels };
}

function limitOf(cutoff: unknown, task: Task | null): number {
  if (cutoff === undefined) return 0;
  const value = finite(CALL, "cutoff", cutoff, 0.5, 0, 1);
  if (value === 0 || value === 1) throw new LovaszError("option", `${CALL}: cutoff is ${value}, expected a number between 0 and 1`);
  if (task && task.classes !== null) {
    throw new LovaszError("option", `${CALL}: cutoff is ${value}, but the model decides between ${task.classes} classes; leave it out`);
  }
  return logitOf(value);
}

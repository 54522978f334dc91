// What a network says of a picture, or of a box of it, in labels and doubts.
import { cut } from "../../model/cut.js";
import { mosaicOf } from "../../model/mosaic.js";
import { type LabelledRows, predictLabels } from "../../model/predictLabels.js";
import { reachOf } from "../../model/reach.js";
import type { SavedNetwork } from "../../model/savedNetwork.js";
import { taskOf } from "../../model/task.js";
import { type Box, HELD_OUT, type Part, UNPAINTED, UNSURE } from "../messages.js";
import { intersection, MOST_PIXELS, wholeOf, widened } from "./boxes.js";
import type { Painted } from "./Painted.js";
import { doubtsOf, meanDoubt, unsureRegions } from "./unsure.js";

/** How a prediction is interrupted. */
export interface Interruption {
  /** Called between tiles, and waited for. */
  readonly onProgress: () => unknown;
  /** Once it is aborted, the prediction is rejected with its reason. */
  readonly signal: { readonly aborted: boolean; readonly reason: unknown };
}

/** How well the labels of a prediction are those of held-out strokes. */
export interface HeldOutScore {
  readonly right: number;
  readonly counted: number;
}

/** What a prediction comes to. */
export interface Summary extends HeldOutScore {
  /** The mean doubt of the pixels, from 0 to 1. */
  readonly doubt: number;
}

/** Patches of the sample from which a box has its statistics: large enough to be like the whole, and fast to predict. */
const SAMPLE = { extent: 384, patch: 64 };

/**
 * Predicts `box` of `painted`, and hands parts of it to `take`, from the top to the bottom: a single one up to about a megapixel. Of a
 * whole picture, the labels are those of `predict`, but for UNSURE. Of a box, group normalisation has its statistics from a sample of the
 * picture, so labels may differ a little from those of the whole.
 */
export async function predictBox(
  network: SavedNetwork,
  painted: Painted,
  box: Box,
  take: (part: Part) => void,
  interruption: Interruption,
): Promise<Summary> {
  const whole = wholeOf(painted);
  const isWhole = box.width === whole.width && box.height === whole.height;
  const { margin, block } = reachOf(network);
  const read = isWhole ? whole : widened(box, margin, block, whole);
  const { pixels } = painted;
  const seen = isWhole ? pixels : { ...pixels, width: read.width, height: read.height, rgb: cut(pixels.rgb, 3, pixels.width, read) };
  const sample = isWhole ? undefined : mosaicOf(pixels, SAMPLE.extent, SAMPLE.patch);
  let [right, counted, doubt] = [0, 0, 0];
  const gather = new Gathered(read.width, (upper, labels, doubts) => {
    const rows = { left: read.left, upper: read.upper + upper, width: read.width, height: labels.length / read.width };
    const own = intersection(rows, box);
    if (own.width * own.height === 0) return;
    const inner = { ...own, left: own.left - rows.left, upper: own.upper - rows.upper };
    const kept = cut(labels, 1, rows.width, inner);
    const score = scoreOf(painted, own, kept);
    right += score.right;
    counted += score.counted;
    doubt += (meanDoubt(cut(doubts, 1, rows.width, inner)) * kept.length) / (box.width * box.height);
    const unsure = cut(unsureRegions(doubts, rows.width), 1, rows.width, inner);
    take({ box: own, labels: kept.map((label, i) => (unsure[i] ? label | UNSURE : label)) });
  });
  const task = taskOf(network.options.outChannels);
  await predictLabels(network, seen, { task, sample, onRows: (rows) => gather.add(rows), ...interruption });
  gather.flush();
  return { right, counted, doubt };
}

/** Rows of a prediction, until there are as many as one part may have. */
class Gathered {
  readonly #width: number;
  readonly #flush: (upper: number, labels: Uint8Array, doubts: Uint8Array) => void;
  #upper = 0;
  #labels: Uint8Array[] = [];
  #doubts: Uint8Array[] = [];
  #rows = 0;

  constructor(width: number, flush: (upper: number, labels: Uint8Array, doubts: Uint8Array) => void) {
    this.#width = width;
    this.#flush = flush;
  }

  add({ labels, logits, rows }: LabelledRows): void {
    this.#labels.push(labels);
    this.#doubts.push(doubtsOf(logits, labels.length));
    this.#rows += rows;
    // a box with its margin is one part
    if (this.#rows * this.#width >= 2 * MOST_PIXELS) this.flush();
  }

  flush(): void {
    if (this.#rows === 0) return;
    this.#flush(this.#upper, joined(this.#labels), joined(this.#doubts));
    this.#upper += this.#rows;
    this.#rows = 0;
    this.#labels = [];
    this.#doubts = [];
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function scoreOf({ labels, width, heldOut }: Painted, box: Box, predicted: Uint8Array): HeldOutScore {
  let [right, counted] = [0, 0];
  if (heldOut === 0) return { right, counted };
  for (let y = 0, i = 0; y < box.height; y++) {
    let at = (box.upper + y) * width + box.left;
    for (let x = 0; x < box.width; x++, i++, at++) {
      const label = labels[at];
      if (label < HELD_OUT || label === UNPAINTED) continue;
      counted += 1;
      if (predicted[i] === (label & ~HELD_OUT)) right += 1;
    }
  }
  return { right, counted };
}

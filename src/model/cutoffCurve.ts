// The IoU of foreground at several cut-offs of its probability, from one pass over the pixels.
import { IGNORED } from "./ignored.js";
import { logitOf } from "./logitOf.js";

/** From 0.05 to 0.95, in steps of 0.05. */
const CUTOFFS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** The IoU of all pictures where foreground is what has a probability above `cutoff`. */
export interface AtCutoff {
  readonly cutoff: number;
  readonly iou: number;
}

/** Counts pixels by the interval between two cut-offs in which their logit lies. */
export class CutoffCurve {
  // compared with logits, as predictions are: the probabilities would be rounded
  readonly #limits = CUTOFFS.map(logitOf);
  readonly #foreground = new Float64Array(CUTOFFS.length + 1);
  readonly #background = new Float64Array(CUTOFFS.length + 1);

  /** Adds pixels by their `logits` and `labels`. */
  add(logits: Float32Array, labels: Uint8Array): void {
    for (let i = 0; i < labels.length; i++) {
      if (labels[i] === IGNORED) continue;
      const counts = labels[i] === 1 ? this.#foreground : this.#background;
      counts[this.#below(logits[i])]++;
    }
  }

  // how many cut-offs a logit is above
  #below(logit: number): number {
    let [from, to] = [0, CUTOFFS.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (logit > this.#limits[middle]) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** The IoU at each cut-off, 1 where neither truth nor prediction has foreground. */
  points(): AtCutoff[] {
    const truth = this.#foreground.reduce((sum, count) => sum + count, 0);
    return CUTOFFS.map((cutoff, k) => {
      const above = (counts: Float64Array) => counts.subarray(k + 1).reduce((sum, count) => sum + count, 0);
      const union = truth + above(this.#background);
      return { cutoff, iou: union === 0 ? 1 : above(this.#foreground) / union };
    });
  }
}

/** The point of the highest IoU; of equal ones, that nearest to 0.5. */
export function bestOf(points: readonly AtCutoff[]): AtCutoff {
  const distance = ({ cutoff }: AtCutoff) => Math.abs(cutoff - 0.5);
  return points.reduce((best, one) => (one.iou > best.iou || (one.iou === best.iou && distance(one) < distance(best)) ? one : best));
}

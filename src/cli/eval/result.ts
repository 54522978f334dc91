// What `lovasz eval` found.
import { type AtCutoff, bestOf } from "../../model/cutoffCurve.js";
import type { Score } from "../../model/score.js";

/** The scores, and the IoU by cut-off where it was asked for. */
export interface Result {
  readonly score: Score;
  readonly points: readonly AtCutoff[] | null;
}

/** What `--json` prints. */
export function forPrograms({ score, points }: Result) {
  const cutoffs = points && { cutoffs: points, bestCutoff: bestOf(points).cutoff };
  return { ...score.scores(), classes: score.classIoUs(), ...cutoffs };
}

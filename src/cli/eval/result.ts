// What `lovasz eval` found.

import type { BoundaryScore } from "../../model/boundaryScore.js";
import { type AtCutoff, bestOf } from "../../model/cutoffCurve.js";
import type { Score } from "../../model/score.js";

/** The scores, and the IoU by cut-off where it was asked for. */
export interface Result {
  readonly score: Score;
  readonly boundary: BoundaryScore;
  readonly points: readonly AtCutoff[] | null;
}

/** What `--json` prints: the scores, and the counts from which the scores of several data sets together follow. */
export function forPrograms({ score, boundary, points }: Result) {
  const cutoffs = points && { cutoffs: points, bestCutoff: bestOf(points).cutoff };
  const counts = { confusion: score.confusion, boundaries: boundary.counts(), imageIoUs: score.imageIoUs };
  return { ...score.scores(), boundaryIoU: boundary.iou(), classes: score.classIoUs(), ...cutoffs, ...counts };
}

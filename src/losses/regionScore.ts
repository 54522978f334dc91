// The score of one region, a function of three sums over its pixels, in float64.

/** What a class has in common with its labels: true positives, false positives, false negatives. */
export type RegionSums = readonly [shared: number, falsePositives: number, falseNegatives: number];

/** Which score it is; see `RegionOptions` and `tversky`. */
export interface ScoreSettings {
  alpha: number;
  beta: number;
  smooth: number;
  eps: number;
  logLoss: boolean;
}

/** The loss of a region, and its derivatives by the three sums. */
export interface ScoredRegion {
  loss: number;
  slopes: RegionSums;
}

/**
 * 1 - score or -ln(score), score = (TP + smooth) / max(TP + alpha FP + beta FN + smooth, eps); 0 where nothing is labelled. Near
 * 0 it keeps its digits: 1 - score is (alpha FP + beta FN) / denominator.
 */
export function regionScore([shared, positives, negatives]: RegionSums, settings: ScoreSettings): ScoredRegion {
  const { alpha, beta, smooth, eps, logLoss } = settings;
  if (shared + negatives === 0) return FLAT;
  const above = shared + smooth;
  const wrong = alpha * positives + beta * negatives;
  const isFloored = above + wrong < eps;
  const below = isFloored ? eps : above + wrong;
  const loss = (isFloored ? eps - above : wrong) / below;
  const score = above / below;
  if (!logLoss) {
    return { loss, slopes: isFloored ? [-1 / eps, 0, 0] : [-loss / below, (alpha * score) / below, (beta * score) / below] };
  }
  if (score < eps) return { loss: -Math.log(eps), slopes: FLAT.slopes };
  const logarithm = loss < 0.5 ? -Math.log1p(-loss) : -Math.log(score);
  return { loss: logarithm, slopes: isFloored ? [-1 / above, 0, 0] : [-loss / above, alpha / below, beta / below] };
}

const FLAT: ScoredRegion = { loss: 0, slopes: [0, 0, 0] };

// The loss of one region as a function of three sums over its pixels, in float64.

/** How the prediction of a class agrees with its labels: true positives, false positives, false negatives. */
export type RegionSums = readonly [shared: number, falsePositives: number, falseNegatives: number];

/** Selects the score; see `RegionOptions` and `tversky`. */
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
  derivatives: RegionSums;
}

/**
 * 1 - score or -ln(score), with score = (TP + smooth) / max(TP + alpha FP + beta FN + smooth, eps); 0 where no pixel is labelled.
 * 1 - score is computed as (alpha FP + beta FN) / denominator, which keeps its digits near 0.
 */
export function regionScore([shared, positives, negatives]: RegionSums, settings: ScoreSettings): ScoredRegion {
  const { alpha, beta, smooth, eps, logLoss } = settings;
  if (shared + negatives === 0) return FLAT;
  const numerator = shared + smooth;
  const wrong = alpha * positives + beta * negatives;
  const isFloored = numerator + wrong < eps;
  const denominator = isFloored ? eps : numerator + wrong;
  const loss = (isFloored ? eps - numerator : wrong) / denominator;
  const score = numerator / denominator;
  if (!logLoss) {
    return {
      loss,
      derivatives: isFloored ? [-1 / eps, 0, 0] : [-loss / denominator, (alpha * score) / denominator, (beta * score) / denominator],
    };
  }
  if (score < eps) return { loss: -Math.log(eps), derivatives: FLAT.derivatives };
  const logarithm = loss < 0.5 ? -Math.log1p(-loss) : -Math.log(score);
  return {
    loss: logarithm,
    derivatives: isFloored ? [-1 / numerator, 0, 0] : [-loss / numerator, alpha / denominator, beta / denominator],
  };
}

const FLAT: ScoredRegion = { loss: 0, derivatives: [0, 0, 0] };

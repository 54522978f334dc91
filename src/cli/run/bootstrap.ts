// The percentile bootstrap (Efron 1979) of a mean of paired differences.
import { uniform } from "../../random.js";

/** How an interval is drawn. */
export interface IntervalOptions {
  /** How often the differences are drawn anew, with replacement. Default 10,000. */
  draws?: number;
  /** The seed of these draws. Default 0. */
  seed?: number;
  /** The share of the drawn means that lie in the interval. Default 0.95. */
  level?: number;
}

/** A mean, and the ends of its interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The mean of `differences`, one or more, each between two methods on the same seed, and its bootstrap interval: the middle `level` of
 * the means of as many differences, drawn with replacement. If it holds 0, the data do not distinguish the methods. One difference
 * gives an interval of that number alone, which says nothing about other seeds.
 */
export function pairedInterval(differences: readonly number[], { draws = 10_000, seed = 0, level = 0.95 }: IntervalOptions = {}): Interval {
  const next = uniform(seed);
  const n = differences.length;
  const means = Float64Array.from({ length: draws }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += differences[Math.floor(next() * n)];
    return sum / n;
  }).sort();
  const tail = (1 - level) / 2;
  const mean = differences.reduce((sum, one) => sum + one, 0) / n;
  return { mean, low: quantile(means, tail), high: quantile(means, 1 - tail) };
}

// between two neighbours of the sorted values, as NumPy's quantile is by default
function quantile(sorted: Float64Array, share: number): number {
  const rank = share * (sorted.length - 1);
  const below = Math.floor(rank);
  const above = sorted[Math.min(below + 1, sorted.length - 1)];
  return sorted[below] + (rank - below) * (above - sorted[below]);
}

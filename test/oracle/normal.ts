// The standard normal distribution in float64.

/** The density at x. */
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** The probability of at most x: by the series around 0, and by the continued fraction of the tail beyond 2 (Abramowitz, Stegun, 26.2). */
export function normalDistribution(x: number): number {
  if (x === Infinity || x === -Infinity || Number.isNaN(x)) return (1 + Math.sign(x)) / 2;
  const t = Math.abs(x);
  if (t < 2) {
    let [term, total] = [x, x];
    for (let k = 3; k < 100; k += 2) {
      term *= (x * x) / k;
      total += term;
    }
    return 0.5 + normalDensity(x) * total;
  }
  let fraction = t;
  for (let k = 300; k > 0; k--) fraction = t + k / fraction;
  const tail = normalDensity(t) / fraction;
  return x < 0 ? tail : 1 - tail;
}

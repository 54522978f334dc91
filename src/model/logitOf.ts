/** The logit of a `probability` between 0 and 1; that of 0.5 is exactly 0. */
export function logitOf(probability: number): number {
  return Math.log(probability / (1 - probability));
}

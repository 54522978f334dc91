/**
 * The Jaccard loss of a set of wrong pixels, as a set function: 1 - intersection over union, where `falsePositives` pixels of
 * the background and `falseNegatives` of the `positives` are wrong. Nothing wrong among nothing is 0, anything wrong among no
 * positives 1. It grows with the set and is submodular (Yu, Blaschko, "The Lovász hinge", 2015, proposition 11).
 */
export function jaccardLoss(falsePositives: number, falseNegatives: number, positives: number): number {
  const wrong = falsePositives + falseNegatives;
  return wrong === 0 ? 0 : wrong / (positives + falsePositives);
}

/**
 * Intersection over union of the class `one`, from a confusion matrix [truth][prediction]; null where neither truth nor prediction has
 * the class.
 */
export function classIoU(matrix: readonly (readonly number[])[], one: number): number | null {
  const truth = matrix[one].reduce((sum, count) => sum + count, 0);
  const said = matrix.reduce((sum, row) => sum + row[one], 0);
  const union = truth + said - matrix[one][one];
  return union === 0 ? null : matrix[one][one] / union;
}

// Shapes and window sizes to pool: planes of one row or column, windows with and without a rest, no planes, several axes.

export const windows: readonly [number[], number][] = [
  [[1, 1], 1],
  [[4, 6], 1],
  [[4, 6], 2],
  [[1, 2, 5, 7], 2],
  [[2, 3, 6, 8], 2],
  [[3, 7, 8], 3],
  [[2, 9, 4], 4],
  [[5, 5], 5],
  [[2, 1, 7], 1],
  [[0, 4, 4], 2],
  [[2, 2, 3, 3, 3], 2],
  [[2, 4, 19], 2],
  [[5, 16], 2],
];

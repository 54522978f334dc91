// Shapes and axes to reduce: one, several, neighbours or not, all, none, of extent 1, beside empty ones.

export const reductions: readonly [number[], number[] | undefined][] = [
  [[], undefined],
  [[7], undefined],
  [[7], [0]],
  [[1], [0]],
  [[2, 3], [0]],
  [[2, 3], [1]],
  [[2, 5, 3], undefined],
  [[2, 5, 3], [1]],
  [
    [2, 5, 3],
    [0, 2],
  ],
  [
    [2, 5, 3],
    [0, 1],
  ],
  [
    [2, 5, 3],
    [1, 2],
  ],
  [[2, 3], []],
  [[2, 1, 3], [1]],
  [
    [2, 2, 3, 2, 3],
    [0, 2, 4],
  ],
  [
    [2, 2, 3, 2, 3],
    [1, 2, 4],
  ],
  [
    [2, 2, 3, 2, 9],
    [0, 1, 3],
  ],
  [[0, 3], [1]],
  [[3, 0], [0]],
];

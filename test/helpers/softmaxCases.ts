// What softmax and its logarithm are tested on: any axis, inner extents that fill vectors or do not, one class, none.

export const softmaxCases: readonly (readonly [readonly number[], number])[] = [
  ...Array.from({ length: 10 }, (_, n) => [[n], 0] as const),
  ...Array.from({ length: 10 }, (_, inner) => [[2, 3, inner], 1] as const),
  [[3000], 0],
  [[2, 1000], -1],
  [[5, 117], 0],
  [[2, 5, 3], 2],
  [[1, 1], 0],
  [[2, 0, 5], 1],
  [[0, 4], 1],
];

/** Logits without and with spread, all shifted far, with the largest finite numbers. */
export const extremeLogits: readonly number[][] = [
  [0, 0, 0, 0],
  [1e5, 1e5 + 1, 1e5 - 1, 1e5],
  [-3e38, -3e38, -3e38, -3e38],
  [3e38, -3e38, 0, 3e38],
  [-3e38, 0, 1, 3e38],
  [0, -100, -104, -87],
  [-Infinity, 0, -Infinity, 1],
];

// From the best to the worst; closer together where more goes wrong.
const RANKS = [0, 0.4, 0.55, 0.7, 0.85, 1];

/** How many are picked at most. */
export const MOST_PICKED = RANKS.length;

/** The positions of at most six of `values`: the highest, the lowest, and some between, in falling order. */
export function pick(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a]);
  if (order.length <= RANKS.length) return order;
  return RANKS.map((rank) => order[Math.round(rank * (order.length - 1))]);
}

const WORST = 6;

/** How many are picked at most. */
export const MOST_PICKED = WORST + 2;

/** The positions of the lowest `values` in rising order, then those of the median and the highest; of all in rising order where there are at most eight. */
export function pick(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  if (order.length <= MOST_PICKED) return order;
  return [...order.slice(0, WORST), order[Math.floor(order.length / 2)], order[order.length - 1]];
}

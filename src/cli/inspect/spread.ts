const MOST = 6;

/** The positions of at most six of `values`: the highest, the lowest, and some at equal ranks between, in falling order. */
export function spread(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a]);
  if (order.length <= MOST) return order;
  return Array.from({ length: MOST }, (_, i) => order[Math.round((i * (order.length - 1)) / (MOST - 1))]);
}

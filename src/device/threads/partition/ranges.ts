/** `count` items in `n` ranges, as even as can be. */
export function ranges(count: number, n: number): [from: number, to: number][] {
  return Array.from({ length: n }, (_, i) => [Math.floor((i * count) / n), Math.floor(((i + 1) * count) / n)]);
}

/** `count` items in `parts` ranges, as even as can be. */
export function ranges(count: number, parts: number): [from: number, to: number][] {
  return Array.from({ length: parts }, (_, i) => [Math.floor((i * count) / parts), Math.floor(((i + 1) * count) / parts)]);
}

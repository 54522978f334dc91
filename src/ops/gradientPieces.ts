// Splits the gradient of a convolution's input along one axis.

/**
 * Pixels of one axis whose gradients are computed together. A pixel at `y` has y + padding = r stride + phase, and depends on the taps
 * phase, phase + stride, and so on. The piece covers the `count` values of r from `start`, and the `phases` phases from `first`, each of
 * which has `taps` taps.
 */
export interface Piece {
  readonly stride: number;
  readonly start: number;
  readonly count: number;
  readonly first: number;
  readonly phases: number;
  readonly taps: number;
}

/** The pieces that cover every pixel of an axis of `extent` that a tap reaches, and few positions beyond the axis. */
export function gradientPieces(extent: number, kernel: number, stride: number, padding: number): Piece[] {
  const [whole, remainder] = [Math.floor(kernel / stride), kernel % stride];
  const groups = [
    { from: 0, to: remainder, taps: whole + 1 },
    { from: remainder, to: whole > 0 ? stride : remainder, taps: whole },
  ];
  return groups.flatMap(({ from, to, taps }) =>
    spans(extent, stride, padding).flatMap((span) => {
      const first = Math.max(from, span.from);
      const phases = Math.min(to, span.to) - first;
      return phases > 0 ? [{ stride, start: span.start, count: span.count, first, phases, taps }] : [];
    }),
  );
}

// the ranges of r, and where the axis is shorter than a stride the phases that it covers at each r
function spans(extent: number, stride: number, padding: number): { start: number; count: number; from: number; to: number }[] {
  const start = Math.floor(padding / stride);
  const count = Math.floor((padding + extent - 1) / stride) - start + 1;
  if (extent >= stride) return [{ start, count, from: 0, to: stride }];
  return Array.from({ length: count }, (_, i) => {
    const before = padding - (start + i) * stride;
    return { start: start + i, count: 1, from: Math.max(0, before), to: Math.min(stride, before + extent) };
  });
}

// Losses of several binary tasks want the numbers of each one after another.
import type { Shape } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";

/** What brings an input to that order: out[b, j, i] = from[b, i, j], each of `cell` numbers. */
export interface Swap {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly cell: number;
}

/** The way back. */
export const inverse = ({ rows, columns, ...rest }: Swap): Swap => ({ ...rest, rows: columns, columns: rows });

/** `input` in the order that `swap` brings it to, in the graph; null: itself. */
export function inRows(input: Tensor, swap: Swap | null): Tensor {
  if (!swap) return input;
  const { shape } = input;
  const out = swapped(input, swap, [input.size]);
  return record(out, [input], [], () => (upstream) => [swapped(upstream, inverse(swap), shape)]);
}

function swapped(from: Tensor, swap: Swap, shape: Shape): Tensor {
  const { pointer } = from;
  const out = Tensor.empty(shape);
  move(pointer, 4, swap, out.pointer);
  return out;
}

/** Copies what lies at `pointer`, numbers of so many bytes, to `out` in the order of `swap`. */
export function move(pointer: number, bytes: number, { batch, rows, columns, cell }: Swap, out: number): void {
  kernels.swapAxes(pointer, out, batch, rows, columns, cell * bytes);
}

/** A pointer to what lies at `pointer` in the order of `swap`. To be called within `tidy`. */
export function moved(pointer: number, bytes: number, swap: Swap | null): number {
  if (!swap || pointer === 0) return pointer;
  const { batch, rows, columns, cell } = swap;
  const out = Tensor.empty([Math.ceil((batch * rows * columns * cell * bytes) / 4)]).pointer;
  move(pointer, bytes, swap, out);
  return out;
}

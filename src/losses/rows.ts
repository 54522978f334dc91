// Losses of several binary tasks want the numbers of each one after another: rows.
import type { Shape } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";

/** A transpose that brings an input to rows: out[b, j, i] = from[b, i, j], each a cell of `cell` numbers. */
export interface Swap {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly cell: number;
}

/** The way back. */
export const inverse = ({ rows, columns, ...rest }: Swap): Swap => ({ ...rest, rows: columns, columns: rows });

/** `input` transposed by `swap`, in the graph; null: itself. */
export function inRows(input: Tensor, swap: Swap | null): Tensor {
  if (!swap) return input;
  const { shape } = input;
  const out = swapped(input, swap, [input.size]);
  return record(out, [input], [], () => (upstream) => [swapped(upstream, inverse(swap), shape)]);
}

function swapped(from: Tensor, swap: Swap, shape: Shape): Tensor {
  const { pointer } = from;
  const out = Tensor.empty(shape);
  transpose(pointer, 4, swap, out.pointer);
  return out;
}

function transpose(pointer: number, bytes: number, { batch, rows, columns, cell }: Swap, out: number): void {
  kernels.swapAxes(pointer, out, batch, rows, columns, cell * bytes);
}

/** A pointer to row `i`. It holds until another row is asked for. */
export type RowAt = (i: number) => number;

/**
 * The rows of `n` numbers of so many bytes that `swap` makes of those at `pointer`. To be called within `tidy`. Rows of long cells
 * are copied one at a time, which stay in the cache; a transpose of short ones reads all rows at once.
 */
export function rowsAt(pointer: number, bytes: number, n: number, swap: Swap | null): RowAt {
  if (!swap || pointer === 0) return (i) => pointer && pointer + bytes * n * i;
  if (!isLong(swap)) return rowsAt(transposed(pointer, bytes, swap), bytes, n, null);
  const row = scratch(n * bytes);
  return (i) => {
    copyRow(i, bytes, swap, (at, stride, width, count) => kernels.copyBlocks(at + pointer, stride, row, width, width, count));
    return row;
  };
}

/** Where a loss leaves the gradient of its rows. */
export interface RowSink {
  /** Room for that of row `i`, until the next is asked for. */
  at: RowAt;
  /** To be called once row `i` is written. */
  wrote(i: number): void;
  /** To be called once all rows are. */
  end(): void;
}

/** Rows of `n` float32, written to `pointer` in the order that `swap` took them from. To be called within `tidy`. */
export function rowSink(pointer: number, n: number, swap: Swap | null): RowSink {
  const nothing = () => {};
  if (!swap) return { at: (i) => pointer + 4 * n * i, wrote: nothing, end: nothing };
  if (!isLong(swap)) {
    const { batch, rows, columns, cell } = swap;
    const all = scratch(4 * batch * rows * columns * cell);
    return { at: (i) => all + 4 * n * i, wrote: nothing, end: () => transpose(all, 4, inverse(swap), pointer) };
  }
  const row = scratch(4 * n);
  const wrote = (i: number) =>
    copyRow(i, 4, swap, (at, stride, width, count) => kernels.copyBlocks(row, width, at + pointer, stride, width, count));
  return { at: () => row, wrote, end: nothing };
}

// cells from which on copying beats the transpose in blocks
const LONG = 256;
const isLong = ({ batch, cell }: Swap) => batch === 1 && cell >= LONG;

type Copy = (offset: number, stride: number, width: number, count: number) => void;

// row `i` of a long swap, as blocks
function copyRow(i: number, bytes: number, { rows, columns, cell }: Swap, copy: Copy): void {
  const width = cell * bytes;
  copy(width * i, width * columns, width, rows);
}

function transposed(pointer: number, bytes: number, swap: Swap): number {
  const { batch, rows, columns, cell } = swap;
  const out = scratch(batch * rows * columns * cell * bytes);
  transpose(pointer, bytes, swap, out);
  return out;
}

const scratch = (bytes: number) => Tensor.empty([Math.ceil(bytes / 4)]).pointer;

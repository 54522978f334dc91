// The losses of several binary tasks need the numbers of each task in one contiguous row.
import type { Shape } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { type Call, type KernelName, parallelEach, type Work } from "../wasm/parallel.js";

/** A transpose that brings an input to rows: out[b, j, i] = from[b, i, j], where each element is a block of `block` numbers. */
export interface Swap {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly block: number;
}

/** The inverse transpose. */
export const inverse = (swap: Swap): Swap => ({ ...swap, rows: swap.columns, columns: swap.rows });

/** `input` transposed by `swap`, in the graph; `input` itself if `swap` is null. */
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

function transpose(pointer: number, bytes: number, { batch, rows, columns, block }: Swap, out: number): void {
  kernels.swapAxes(pointer, out, batch, rows, columns, block * bytes);
}

/** Returns a pointer to row `i`, valid until the next call. */
export type RowAt = (i: number) => number;

/**
 * The rows of `n` numbers of `bytes` bytes each that `swap` makes from the numbers at `pointer`. Call it within `tidy`. Rows of long
 * blocks are copied one at a time and so stay in the cache; short blocks are all transposed at once.
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

/** Receives the gradient of the rows of a loss. */
export interface RowSink {
  /** Returns a pointer for the gradient of row `i`, valid until the next call. */
  at: RowAt;
  /** Call it once row `i` is written. */
  wrote(i: number): void;
  /** Call it once all rows are written. */
  end(): void;
}

/** Writes rows of `n` float32 to `pointer`, back in the order that `swap` read them from. Call it within `tidy`. */
export function rowSink(pointer: number, n: number, swap: Swap | null): RowSink {
  const nothing = () => {};
  if (!swap) return { at: (i) => pointer + 4 * n * i, wrote: nothing, end: nothing };
  if (!isLong(swap)) {
    const { batch, rows, columns, block } = swap;
    const all = scratch(4 * batch * rows * columns * block);
    return { at: (i) => all + 4 * n * i, wrote: nothing, end: () => transpose(all, 4, inverse(swap), pointer) };
  }
  const row = scratch(4 * n);
  const wrote = (i: number) =>
    copyRow(i, 4, swap, (at, stride, width, count) => kernels.copyBlocks(row, width, at + pointer, stride, width, count));
  return { at: () => row, wrote, end: nothing };
}

/**
 * Calls the kernel for each of `count` rows and returns what it returned: by several threads at once where all rows lie in memory, and one
 * after the other where `swap` brings them there one by one.
 */
export function eachRow<Name extends KernelName>(
  kernel: Name,
  { count, ...work }: Omit<Work, "step">,
  swap: Swap | null,
  sink: RowSink,
  argumentsOf: (i: number) => Call<Name>,
): number[] {
  if (!swap || !isLong(swap)) return parallelEach(kernel, { count, ...work }, argumentsOf);
  return Array.from({ length: count }, (_, i) => {
    const [value] = parallelEach(kernel, { count: 1, ...work }, () => argumentsOf(i));
    sink.wrote(i);
    return value;
  });
}

// the length of a block from which copying rows is faster than the transpose
const LONG = 256;
const isLong = ({ batch, block }: Swap) => batch === 1 && block >= LONG;

type Copy = (offset: number, stride: number, width: number, count: number) => void;

// calls `copy` with the blocks of row `i`
function copyRow(i: number, bytes: number, { rows, columns, block }: Swap, copy: Copy): void {
  const width = block * bytes;
  copy(width * i, width * columns, width, rows);
}

function transposed(pointer: number, bytes: number, swap: Swap): number {
  const { batch, rows, columns, block } = swap;
  const out = scratch(batch * rows * columns * block * bytes);
  transpose(pointer, bytes, swap, out);
  return out;
}

const scratch = (bytes: number) => Tensor.empty([Math.ceil(bytes / 4)]).pointer;

import { LovaszError } from "../errors.js";
import { tidy } from "../tensor/scope.js";
import { broadcastShapes, show, sizeOf } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";
import { broadcastTo } from "./broadcastTo.js";
import { operand } from "./operand.js";
import { reshape } from "./reshape.js";
import { transpose } from "./transpose.js";

/**
 * The matrix product over the last two axes, [..., m, k] by [..., k, n]; the axes before them broadcast. As in NumPy, a vector [k] is
 * a row on the left and a column on the right, and that axis is removed from the result: [k] by [k] has shape [].
 *
 * @example
 * ```js
 * import { matmul, tensor } from "lovasz";
 *
 * console.log(matmul(tensor([[1, 2], [3, 4]]), tensor([5, 6])).toArray()); // [ 17, 39 ]
 * ```
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const call = "matmul(a, b)";
  operand(call, a, "a");
  operand(call, b, "b");
  if (a.shape.length === 0 || a.shape.at(-1) !== (b.shape.length === 1 ? b.size : b.shape.at(-2))) {
    throw new LovaszError("shape", `${call}: shapes are ${show(a.shape)} and ${show(b.shape)}, expected [..., m, k] and [..., k, n]`);
  }
  if (a.shape.length === 1 || b.shape.length === 1) return ofVectors(a, b);
  if (b.shape.length === 2 && a.shape.length > 2) return ofRows(a, b);
  const batch = broadcastShapes(call, a.shape.slice(0, -2), b.shape.slice(0, -2));
  return tidy(() => {
    const wideA = broadcastTo(a, [...batch, ...a.shape.slice(-2)]);
    const wideB = broadcastTo(b, [...batch, ...b.shape.slice(-2)]);
    return record(product(wideA, wideB, false), [wideA, wideB], [wideA, wideB], (x, y) => (upstream, [needA, needB]) => [
      needA ? timesTransposed(upstream, y) : null,
      needB ? product(x, upstream, true) : null,
    ]);
  });
}

// the same matrix for all: their rows are those of one product, so that nothing is repeated
function ofRows(a: Tensor, b: Tensor): Tensor {
  const k = a.shape[a.shape.length - 1];
  const rows = sizeOf(a.shape.slice(0, -1));
  return tidy(() => reshape(matmul(reshape(a, [rows, k]), b), [...a.shape.slice(0, -1), b.shape[1]]));
}

function ofVectors(a: Tensor, b: Tensor): Tensor {
  const [isRow, isColumn] = [a.shape.length === 1, b.shape.length === 1];
  return tidy(() => {
    const out = matmul(isRow ? reshape(a, [1, a.size]) : a, isColumn ? reshape(b, [b.size, 1]) : b);
    const [m, n] = out.shape.slice(-2);
    return reshape(out, [...out.shape.slice(0, -2), ...(isRow ? [] : [m]), ...(isColumn ? [] : [n])]);
  });
}

// a b, or the transpose of a times b, for equal batch axes
function product(a: Tensor, b: Tensor, transposed: boolean): Tensor {
  const [rows, columns] = a.shape.slice(-2);
  const [m, k] = transposed ? [columns, rows] : [rows, columns];
  const n = b.shape.at(-1) as number;
  const batch = a.shape.slice(0, -2);
  const [pointerA, pointerB] = [a.pointer, b.pointer];
  const out = Tensor.empty([...batch, m, n]);
  for (let i = 0; i < sizeOf(batch); i++) {
    const [left, right, to] = [pointerA + 4 * i * m * k, pointerB + 4 * i * k * n, out.pointer + 4 * i * m * n];
    const [row, column] = transposed ? [1, columns] : [columns, 1];
    // in units of whole blocks of rows
    parallel("matmul_f32", { count: m, cost: (k * n) / 8, step: 16 }, (from, count) => {
      return [left + 4 * from * row, row, column, right, to + 4 * from * n, count, n, k];
    });
  }
  return out;
}

function timesTransposed(a: Tensor, b: Tensor): Tensor {
  const rank = b.shape.length;
  const flipped = transpose(b, [...b.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2));
  return product(a, flipped, false);
}

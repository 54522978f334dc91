import { describe, expect, test } from "vitest";
import { type Tensor, tensor, tidy } from "../../src/index.js";
import { inRows, inverse, type RowAt, rowSink, rowsAt, type Swap } from "../../src/losses/rows.js";
import { viewF32, viewU8 } from "../../src/wasm/memory.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";

const swap: Swap = { batch: 2, rows: 3, columns: 4, block: 2 };

test("inRows(input, swap) exchanges two axes, and so does its gradient", () => {
  tidy(() => {
    const x = tensor(Float32Array.from({ length: 48 }, (_, i) => i));
    const expected = x.reshape([2, 3, 4, 2]).transpose([0, 2, 1, 3]);
    expect(inRows(x, swap).data.slice()).toEqual(expected.data.slice());
    expect(inRows(x, null)).toBe(x);
  });
  gradCheck((x) => inRows(x, swap), [{ shape: [2, 3, 8], values: normals(48) }]);
});

// whole transposes, cells that are copied row by row, and no swap
const swaps: [string, Swap | null][] = [
  ["short cells", swap],
  ["long cells", { batch: 1, rows: 3, columns: 4, block: 300 }],
  ["no swap", null],
];

describe.each(swaps)("rows of %s", (_, way) => {
  const size = way ? way.batch * way.rows * way.columns * way.block : 48;
  const count = way ? way.batch * way.columns : 4;
  const n = size / count;

  const transposed = (x: Tensor, by = way) => (by ? inRows(x, by).data.slice() : x.data.slice());

  function eachRow(rows: RowAt): Float32Array {
    const all = new Float32Array(size);
    // in any order
    for (let i = count - 1; i >= 0; i--) all.set(viewF32(rows(i), n), i * n);
    return all;
  }

  test("rowsAt(pointer, bytes, n, swap) are those of the transpose", () => {
    tidy(() => {
      const x = tensor(normals(size));
      expect(eachRow(rowsAt(x.pointer, 4, n, way))).toEqual(transposed(x));
      expect(rowsAt(0, 4, n, way)(count - 1)).toBe(0);
      const bytes = tensor(Float32Array.from({ length: size }, (_, i) => i % 251));
      const expected = Uint8Array.from(transposed(bytes));
      viewU8(bytes.pointer, size).set(Uint8Array.from({ length: size }, (_, i) => i % 251));
      const rows = rowsAt(bytes.pointer, 1, n, way);
      for (let i = 0; i < count; i++) expect([...viewU8(rows(i), n)]).toEqual([...expected.subarray(i * n, (i + 1) * n)]);
    });
  });

  test("rowSink(pointer, n, swap) writes them back where they were", () => {
    tidy(() => {
      const x = tensor(normals(size));
      const out = tensor(new Float32Array(size));
      const [rows, sink] = [rowsAt(x.pointer, 4, n, way), rowSink(out.pointer, n, way)];
      for (let i = 0; i < count; i++) {
        viewF32(sink.at(i), n).set(viewF32(rows(i), n));
        sink.wrote(i);
      }
      sink.end();
      expect(out.data.slice()).toEqual(x.data.slice());
      expect(way && transposed(tensor(transposed(x)), inverse(way))).toEqual(way && x.data.slice());
    });
  });
});

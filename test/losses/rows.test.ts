import { expect, test } from "vitest";
import { tensor, tidy } from "../../src/index.js";
import { inRows, inverse, moved, type Swap } from "../../src/losses/rows.js";
import { viewF32, viewU8 } from "../../src/wasm/memory.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";

const swap: Swap = { batch: 2, rows: 3, columns: 4, cell: 2 };

test("inRows(input, swap) exchanges two axes, and so does its gradient", () => {
  tidy(() => {
    const x = tensor(Float32Array.from({ length: 48 }, (_, i) => i));
    const expected = x.reshape([2, 3, 4, 2]).transpose([0, 2, 1, 3]);
    expect(inRows(x, swap).data.slice()).toEqual(expected.data.slice());
    expect(inRows(x, null)).toBe(x);
  });
  gradCheck((x) => inRows(x, swap), [{ shape: [2, 3, 8], values: normals(48) }]);
});

test("moved(pointer, bytes, swap) and its inverse", () => {
  tidy(() => {
    const x = tensor(normals(48));
    const there = moved(x.pointer, 4, swap);
    const [expected, back, bytes] = [inRows(x, swap), moved(there, 4, inverse(swap)), moved(x.pointer, 1, swap)];
    expect(viewF32(there, 48)).toEqual(expected.data);
    expect(viewF32(back, 48)).toEqual(x.data);
    expect([...viewU8(bytes, 4)]).toEqual([0, 1, 8, 9].map((i) => viewU8(x.pointer, 48)[i]));
    expect([moved(x.pointer, 4, null), moved(0, 4, swap)]).toEqual([x.pointer, 0]);
  });
});

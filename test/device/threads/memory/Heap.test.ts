import { expect, test } from "vitest";
import { Heap } from "../../../../src/device/threads/memory/Heap.js";

const values = Float32Array.of(1, 2, 3);

test("a loan copies arrays of any kind to memory that is shared", () => {
  const loan = new Heap(true).lend();
  const kinds = [values, Float64Array.of(1, 2), Int32Array.of(-1), Uint8Array.of(255), Uint8ClampedArray.of(3), new Float32Array(0)];
  for (const one of kinds) {
    const copy = loan.copy(one);
    expect(copy).toEqual(one);
    expect(copy.buffer).toBeInstanceOf(SharedArrayBuffer);
  }
  expect(loan.space(5)?.length).toBe(5);
});

test("memory is used again after the end of its loan, and not before", () => {
  const heap = new Heap(true);
  const [first, second] = [heap.lend(), heap.lend()];
  const [a, b] = [first.copy(values), second.copy(values)];
  expect(a.buffer).not.toBe(b.buffer);
  first.end();
  first.end();
  const third = heap.lend();
  const [c, d] = [third.space(3), third.space(3)];
  expect(c?.buffer).toBe(a.buffer);
  expect(d?.buffer).not.toBe(a.buffer);
  expect(d?.buffer).not.toBe(b.buffer);
});

test("where memory is not shared, copies are ordinary arrays, and there is no space to write to", () => {
  const loan = new Heap(false).lend();
  const copy = loan.copy(values);
  expect(copy).toEqual(values);
  expect(copy.buffer).not.toBe(values.buffer);
  expect(copy.buffer).toBeInstanceOf(ArrayBuffer);
  expect(loan.space(5)).toBeNull();
});

test("what cannot be allocated is a LovaszError", () => {
  const loan = new Heap(true).lend();
  expect(() => loan.space(2 ** 60)).toThrow(/46116860184273\d+ bytes to share with the workers cannot be had/);
});

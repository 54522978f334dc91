import vm from "node:vm";
import { expect, test } from "vitest";
import { copyOf, isDetached, isFloat32, kindOf, ordinary } from "../src/typedArray.js";

class Picture extends Float32Array {
  constructor(width: number, height: number) {
    super(width * height);
  }
}

const gone = new Uint8Array(4);
structuredClone(gone.buffer, { transfer: [gone.buffer] });
const elsewhere = vm.runInNewContext("new Float32Array([1, 2])") as Float32Array;

test("kindOf(value) names typed arrays of any realm and subclass, and nothing else", () => {
  expect([new Uint8Array(1), Buffer.alloc(1), new Picture(1, 2), elsewhere, new BigInt64Array(1), gone].map(kindOf)).toEqual([
    ...["Uint8Array", "Uint8Array", "Float32Array", "Float32Array", "BigInt64Array", "Uint8Array"],
  ]);
  const tagged = { [Symbol.toStringTag]: "Float32Array" };
  for (const other of [[1], new DataView(new ArrayBuffer(8)), new ArrayBuffer(8), tagged, null, undefined, 3, "x"]) {
    expect(kindOf(other)).toBeUndefined();
  }
});

test("isDetached(array) tells one without its memory from an empty one", () => {
  expect([gone, new Uint8Array(0), new Uint8Array(1)].map(isDetached)).toEqual([true, false, false]);
  expect([isFloat32(elsewhere), isFloat32(new Float64Array(2)), isFloat32(new Float32Array(0))]).toEqual([true, false, true]);
});

test("ordinary(array) is on the same memory, copyOf(array) is not, and neither runs what a subclass brings", () => {
  const picture = new Picture(2, 3).fill(4);
  const plain = ordinary(picture as Float32Array);
  expect(Object.getPrototypeOf(plain)).toBe(Float32Array.prototype);
  expect(plain.buffer).toBe(picture.buffer);
  const buffer = Buffer.from([1, 2, 3]);
  const copy = copyOf(buffer as Uint8Array);
  buffer.fill(0);
  expect([...copy]).toEqual([1, 2, 3]);
  expect(ordinary(elsewhere)).toBeInstanceOf(Float32Array);
  const own = new Int32Array(2);
  expect(ordinary(own)).toBe(own);
});

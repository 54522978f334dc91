// Arguments of losses in every guise, right ones and wrong ones, each made anew for a call.
import vm from "node:vm";
import * as lovasz from "../../src/index.js";

class Picture extends Float32Array {
  constructor(width: number, height: number) {
    super(width * height);
  }
}

class Mask extends Uint8Array {
  constructor(width: number, height: number) {
    super(width * height);
  }
}

/** A constructor of another realm. */
export const foreign = (name: string): (new (values: ArrayLike<number>) => Float32Array) => vm.runInNewContext(name);

export function detached(): Float32Array {
  const array = new Float32Array(4);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

type Make<T> = (values: readonly number[]) => T;

function filled<T extends { set(values: ArrayLike<number>): void }>(array: T, values: readonly number[]): T {
  array.set(values);
  return array;
}

/** Inputs that serve, by what they are. */
export const INPUTS: Record<string, Make<Float32Array>> = {
  plain: (values) => Float32Array.from(values),
  "of a subclass": (values) => filled(new Picture(values.length, 1), values),
  "of another realm": (values) => new (foreign("Float32Array"))(values),
  "in shared memory": (values) => filled(new Float32Array(new SharedArrayBuffer(4 * values.length)), values),
  "a part of a larger one": (values) => Float32Array.from([7, ...values, 7]).subarray(1, values.length + 1),
  "in the engine's memory": (values) => lovasz.tensor(values as number[]).data,
};

/** Inputs that no loss takes. */
export const WRONG_INPUTS: Record<string, () => unknown> = {
  null: () => null,
  "an array of text": () => ["1", "2"],
  "a Float64Array": () => new Float64Array(4),
  detached,
  "a DataView": () => new DataView(new ArrayBuffer(16)),
};

/** Labels 0 and 1 (and the void 255) that serve. */
export const LABELS: Record<string, Make<unknown>> = {
  Uint8Array: (values) => Uint8Array.from(values),
  Int32Array: (values) => Int32Array.from(values),
  array: (values) => [...values],
  Uint8ClampedArray: (values) => Uint8ClampedArray.from(values),
  Int16Array: (values) => Int16Array.from(values),
  Uint32Array: (values) => Uint32Array.from(values),
  Float32Array: (values) => Float32Array.from(values),
  Float64Array: (values) => Float64Array.from(values),
  BigInt64Array: (values) => BigInt64Array.from(values.map(BigInt)),
  BigUint64Array: (values) => BigUint64Array.from(values.map(BigInt)),
  booleans: (values) => values.map((one) => (one > 1 ? one : one === 1)),
  Buffer: (values) => Buffer.from(values),
  "of a subclass": (values) => filled(new Mask(values.length, 1), values),
  "of another realm": (values) => new (foreign("Uint8Array"))(values),
  "array of another realm": (values) => vm.runInNewContext(`[${values.join()}]`),
  "in shared memory": (values) => filled(new Uint8Array(new SharedArrayBuffer(values.length)), values),
  Tensor: (values) => lovasz.tensor([...values]),
  "in the engine's memory": (values) => lovasz.tensor([...values]).data,
  nested: (values) => (values.length % 2 ? [[...values]] : [values.slice(0, values.length / 2), values.slice(values.length / 2)]),
  "nested typed arrays": (values) => [Uint8Array.from(values)],
};

/** Labels that no loss takes. */
export const WRONG_LABELS: Record<string, Make<unknown>> = {
  "a hole": ({ length }) => Object.assign(new Array(length), { 0: 1 }),
  "holes only": ({ length }) => new Array(length),
  text: (values) => values.map(String),
  null: () => null,
  undefined: () => undefined,
  BigInts: (values) => values.map(BigInt),
  symbols: (values) => values.map(() => Symbol("s")),
  objects: (values) => values.map(() => ({})),
  "another class": (values) => values.map((one, i) => (i === 0 ? 7 : one)),
  NaN: (values) => values.map((one, i) => (i === 0 ? Number.NaN : one)),
  "one too many": (values) => [...values, 0],
  "one too few": (values) => values.slice(1),
  ragged: (values) => [[...values], [1]],
  "an object": () => ({ length: 4 }),
  detached: () => detached(),
};

const weights = (length: number) => Array.from({ length }, (_, i) => 0.5 + (i % 3));

/** Weights of `length` pixels that serve. */
export const WEIGHTS: Record<string, (length: number) => unknown> = {
  null: () => null,
  array: weights,
  Float32Array: (length) => Float32Array.from(weights(length)),
  Float64Array: (length) => Float64Array.from(weights(length)),
  Uint8Array: (length) => Uint8Array.from(weights(length)),
  Tensor: (length) => lovasz.tensor(weights(length)),
  "of another realm": (length) => new (foreign("Float32Array"))(weights(length)),
  "in the engine's memory": (length) => lovasz.tensor(weights(length)).data,
};

/** Weights that no loss takes. */
export const WRONG_WEIGHTS: Record<string, (length: number) => unknown> = {
  text: (length) => weights(length).map(String),
  "null and true": (length) => weights(length).map((_, i) => (i ? true : null)),
  BigInt64Array: (length) => new BigInt64Array(length),
  BigInts: (length) => weights(length).map(() => 1n),
  negative: (length) => weights(length).map((one) => -one),
  infinite: (length) => weights(length).map(() => 1e39),
  "one too few": (length) => weights(length - 1),
  holes: (length) => new Array(length),
  detached: () => detached(),
};

/** Shapes of no array. */
export const WRONG_SHAPES: readonly unknown[] = [
  [1.5, 4],
  [2.5, 4],
  ["2", 4],
  [2n, 4],
  [-2, 4],
  null,
  8,
  [Symbol("s")],
  [[2], 4],
  new Array(2),
];

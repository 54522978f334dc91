// The types of numbers in safetensors files, and how their values become float32.

/** A type of numbers. */
export interface Dtype {
  /** Bytes a value. */
  readonly bytes: number;
  /** Its values, rounded to the nearest float32; `buffer` holds nothing else and may be returned as it is. */
  read(buffer: ArrayBuffer): Float32Array;
}

/** All types that are read. */
export const DTYPES: ReadonlyMap<unknown, Dtype> = new Map([
  ["F32", { bytes: 4, read: (buffer) => new Float32Array(buffer) }],
  ["F16", { bytes: 2, read: (buffer) => fromHalves(new Uint16Array(buffer)) }],
  ["BF16", { bytes: 2, read: (buffer) => fromUpperHalves(new Uint16Array(buffer)) }],
  ["F64", { bytes: 8, read: (buffer) => new Float32Array(new Float64Array(buffer)) }],
  ["I64", { bytes: 8, read: (buffer) => mapped(new BigInt64Array(buffer), Number) }],
  ["U64", { bytes: 8, read: (buffer) => mapped(new BigUint64Array(buffer), Number) }],
  ["I32", { bytes: 4, read: (buffer) => new Float32Array(new Int32Array(buffer)) }],
  ["U32", { bytes: 4, read: (buffer) => new Float32Array(new Uint32Array(buffer)) }],
  ["I16", { bytes: 2, read: (buffer) => new Float32Array(new Int16Array(buffer)) }],
  ["U16", { bytes: 2, read: (buffer) => new Float32Array(new Uint16Array(buffer)) }],
  ["I8", { bytes: 1, read: (buffer) => new Float32Array(new Int8Array(buffer)) }],
  ["U8", { bytes: 1, read: (buffer) => new Float32Array(new Uint8Array(buffer)) }],
  ["BOOL", { bytes: 1, read: (buffer) => mapped(new Uint8Array(buffer), (byte) => Number(byte !== 0)) }],
] satisfies [string, Dtype][]);

function mapped<T>(values: ArrayLike<T>, of: (value: T) => number): Float32Array {
  const numbers = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) numbers[i] = of(values[i]);
  return numbers;
}

// bfloat16 is the upper half of float32
function fromUpperHalves(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16;
  return new Float32Array(bits.buffer);
}

let bitsOf: Uint32Array | undefined;

function fromHalves(halves: Uint16Array): Float32Array {
  bitsOf ??= Uint32Array.from({ length: 2 ** 16 }, (_, half) => bitsOfHalf(half));
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = bitsOf[halves[i]];
  return new Float32Array(bits.buffer);
}

// IEEE 754: 1 bit of sign, 5 of exponent, biased by 15, and 10 of mantissa; float32 has 8, biased by 127, and 23
function bitsOfHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 31;
  const mantissa = half & 1023;
  if (exponent === 0) return sign | new Uint32Array(Float32Array.of(mantissa * 2 ** -24).buffer)[0];
  return sign | ((exponent === 31 ? 255 : exponent - 15 + 127) << 23) | (mantissa << 13);
}

// Errors of binary tasks as sort keys that float32 holds exactly: the GPU only compares them, so its order, and which pixels
// tie, is that of the kernels in WebAssembly (assembly/lovasz/errors/key.ts) to the last bit.
//
// A key is the float whose bits are OFFSET plus the rank of the error among all errors there can be; all are normal numbers, which no
// GPU flushes to 0. The sign is that of the label: positive in the foreground. Ignored pixels have the key 0.

/** What the input is, and so what the error is: see the constants of the same names in assembly/lovasz/errors/key.ts. */
export type ErrorKind = "hinge" | "sigmoid" | "probability";

const OFFSET = 0x01000000;
const SIGN = 0x80000000 | 0;

const float = new Float32Array(1);
const floatBits = new Int32Array(float.buffer);
const double = new Float64Array(1);
const doubleBits = new Uint32Array(double.buffer);

function bitsOf(value: number): number {
  float[0] = value;
  return floatBits[0];
}

// the margins that can occur are 0 and those between two powers of two, of either sign: ranks of the greater one first
function marginRank(least: number, most: number): (margin: number) => number {
  const [low, high] = [bitsOf(least), bitsOf(most)];
  const zero = high - low + 1;
  return (margin) => {
    const bits = bitsOf(Math.max(-most, Math.min(most, margin)));
    if (margin === 0) return zero;
    return margin > 0 ? high - bits : zero + 1 + (bits & 0x7fffffff) - low;
  };
}

// margins that 1 - margin cannot tell apart in float64 are one; above 1 all errors are 0
const largestHinge = bitsOf(1);
const smallestHinge = bitsOf(2 ** -54);

function hingeRank(margin: number): number {
  if (margin >= 1) return 0;
  const bits = bitsOf(1 - (1 - margin));
  if (bits === 0) return largestHinge - smallestHinge + 1;
  return bits > 0 ? largestHinge - bits : largestHinge + 2 - 2 * smallestHinge + (bits & 0x7fffffff);
}

/** Beyond 2^7 the derivative of a sigmoid is 0 in float32, and its error 0 or 1. */
const sigmoidRank = marginRank(2 ** -110, 2 ** 7);

// the code of assembly/lovasz/errors/probability.ts, one bit shorter
const CODES = 62 * 2 ** 25;

function smallCode(y: number): number {
  double[0] = y + 2 ** -32;
  return (doubleBits[1] - 991 * 2 ** 20) * 32 + (doubleBits[0] >>> 27);
}

function probabilityRank(value: number, label: number): number {
  const p = Math.max(0, Math.min(1, value));
  const code = p <= 0.5 ? smallCode(p) : CODES - smallCode(1 - p);
  return label === 1 ? CODES - code : code;
}

/** The rank of the error of a value. */
function rank(kind: ErrorKind, value: number, label: number): number {
  if (kind === "probability") return probabilityRank(value, label);
  const margin = label === 1 ? value : -value;
  return kind === "hinge" ? hingeRank(margin) : sigmoidRank(margin);
}

/** Why keys cannot stand for some value, or an empty string. */
export function unfit(kind: ErrorKind, values: Float32Array, labels: Int32Array): string {
  for (let i = 0; i < values.length; i++) {
    if (labels[i] < 0) continue;
    const size = Math.abs(values[i]);
    if (kind === "hinge" && size === Number.POSITIVE_INFINITY) return "an infinite logit";
    if (kind === "sigmoid" && size < 2 ** -110 && size > 0) return "logits next to 0 that differ by less than a GPU can tell";
  }
  return "";
}

/** Writes the keys of `values` with labels 1, 0 or -1 (ignored) to the front of `keys`. */
export function writeKeys(kind: ErrorKind, values: Float32Array, labels: Int32Array, keys: Float32Array): void {
  const bits = new Int32Array(keys.buffer, keys.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) {
    const label = labels[i];
    bits[i] = label < 0 ? 0 : (OFFSET + rank(kind, values[i], label)) | (label === 1 ? 0 : SIGN);
  }
}

// Reads logits and labels from files: .npy of NumPy, or raw numbers in little-endian order.
import { dump, type NpyArray, parse } from "npyjs";
import { LovaszError } from "../../index.js";
import { readBytes } from "../data/readBytes.js";

/** Numbers and their shape. */
export interface Values {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

// the most that Node reads at once
const MOST_BYTES = 2 ** 31 - 1;

/** The logits in `file`, in float32; `shape` is that of a raw file, of float32. Throws `LovaszError` "data". */
export async function readValues(file: string, shape: readonly number[] | undefined): Promise<Values> {
  const bytes = await bytesOf(file);
  if (!isNpy(bytes)) {
    if (!shape) throw wrong(file, `is no .npy file; pass --shape, such as --shape 1,21,512,512, if it holds raw float32 numbers`);
    const count = sizeOf(shape);
    if (bytes.length !== 4 * count) {
      throw wrong(file, `has ${bytes.length} bytes, expected ${4 * count} for float32 of --shape ${shape.join(",")}`);
    }
    return { data: new Float32Array(bytes.buffer, bytes.byteOffset, count), shape };
  }
  const array = npyOf(file, bytes);
  if (shape && shape.join() !== array.shape.join()) {
    throw wrong(file, `has the shape ${array.shape.join(",")}, which contradicts --shape ${shape.join(",")}; leave out --shape`);
  }
  if (!/^f[248]$/.test(array.dtype)) {
    throw wrong(file, `holds numbers of type ${array.dtype}, expected logits, of type f4; save it as values.astype(np.float32)`);
  }
  return { data: Float32Array.from(array.data as unknown as ArrayLike<number>), shape: array.shape };
}

/** The labels in `file`, of which there are `count`: whole numbers of any type; in a raw file, uint8 or int32. Throws `LovaszError` "data". */
export async function readLabels(file: string, count: number): Promise<Int32Array> {
  const bytes = await bytesOf(file);
  const labels = isNpy(bytes) ? wholeNumbers(file, npyOf(file, bytes)) : rawLabels(file, bytes, count);
  if (labels.length !== count)
    throw wrong(file, `has ${labels.length} labels, but the values have ${count} pixels; pass the labels of these values`);
  return labels;
}

function rawLabels(file: string, bytes: Uint8Array<ArrayBuffer>, count: number): Int32Array {
  if (bytes.length === count) return Int32Array.from(bytes);
  if (bytes.length === 4 * count) return new Int32Array(bytes.buffer, bytes.byteOffset, count);
  throw wrong(file, `has ${bytes.length} bytes, expected ${count} for uint8 or ${4 * count} for int32, or a .npy file`);
}

function wholeNumbers(file: string, { data, dtype }: NpyArray): Int32Array {
  if (!/^([iu][1248]|b1)$/.test(dtype)) {
    throw wrong(file, `holds numbers of type ${dtype}, expected whole numbers; save it as labels.astype(np.int32)`);
  }
  const numbers = Array.from(data as unknown as ArrayLike<number | bigint | boolean>, Number);
  const far = numbers.find((number) => number !== (number | 0));
  if (far !== undefined) throw wrong(file, `has the label ${far}, which int32 does not hold; map such labels to one of --ignore`);
  return Int32Array.from(numbers);
}

/** The bytes of a .npy file. */
export function npyBytes({ data, shape }: Values): Uint8Array {
  return new Uint8Array(dump(data, [...shape]));
}

async function bytesOf(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readBytes(file, MOST_BYTES).catch((cause: Error) => {
    throw wrong(file, `${cause.message}; pass a .npy file, or a file of raw numbers`, cause);
  });
  // typed arrays begin at multiples of their size
  return new Uint8Array(bytes);
}

const isNpy = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 6)).toString("latin1") === "\x93NUMPY";

function npyOf(file: string, bytes: Uint8Array<ArrayBuffer>): NpyArray {
  let array: NpyArray;
  try {
    array = parse(bytes.buffer);
  } catch (cause) {
    throw wrong(
      file,
      `cannot be read as .npy: ${(cause as Error).message}; save it with np.save, of a plain type in little-endian order`,
      cause,
    );
  }
  if (array.fortranOrder && array.shape.length > 1) {
    throw wrong(file, "is in Fortran order; save it as np.ascontiguousarray(array)");
  }
  const { length } = array.data as unknown as ArrayLike<number>;
  if (length !== sizeOf(array.shape))
    throw wrong(file, `is damaged: it holds ${length} numbers, but its shape is ${array.shape.join(",")}`);
  return array;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

const wrong = (file: string, what: string, cause?: unknown) => new LovaszError("data", `${file} ${what}`, { cause });

// .npy files as NumPy writes them (format 1.0), by code of their own.

const SUFFIX = "\n";

/** The bytes of an array of `type`, such as "<f4". */
export function npy(array: ArrayBufferView, type: string, shape: readonly number[], order = "False"): Buffer {
  const header = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const length = 64 * Math.ceil((10 + header.length + SUFFIX.length) / 64) - 10;
  const head = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, length & 255, length >> 8]);
  const text = Buffer.from(header.padEnd(length - SUFFIX.length) + SUFFIX, "latin1");
  return Buffer.concat([head, text, Buffer.from(array.buffer, array.byteOffset, array.byteLength)]);
}

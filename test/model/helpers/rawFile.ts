// Safetensors files of every kind: what other programs write, and what somebody may make who means harm.

/** A file with this header, as an object, text or bytes, and these values. */
export function rawFile(header: object | string | Buffer, values: Uint8Array = new Uint8Array(0)): Buffer {
  const json = header instanceof Buffer ? header : Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, values]);
}

/** The header of `file` in JSON, and its values. */
export function partsOf(file: Uint8Array): { header: Record<string, Record<string, unknown>>; values: Buffer } {
  const whole = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const start = 8 + Number(whole.readBigUInt64LE());
  return { header: JSON.parse(whole.toString("utf8", 8, start)), values: whole.subarray(start) };
}

/** A file of these tensors, one behind the other. */
export function fileOf(tensors: { name: string; dtype: string; shape: readonly number[]; values: Buffer }[], metadata?: object): Buffer {
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape, values }) => {
    const begin = end;
    end += values.length;
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  return rawFile({ __metadata__: metadata, ...Object.fromEntries(entries) }, Buffer.concat(tensors.map(({ values }) => values)));
}

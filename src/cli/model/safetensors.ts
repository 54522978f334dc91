// The safetensors format, for float32: the length of a header, the header in JSON, the values.
// https://github.com/huggingface/safetensors#format
import { createHash } from "node:crypto";
import { counted } from "../../counted.js";
import { LovaszError, type nn } from "../../index.js";

/** Named tensors and their metadata. */
export interface TensorFile {
  tensors: nn.StateDict;
  metadata: Record<string, string>;
}

interface Entry {
  dtype: "F32";
  shape: number[];
  data_offsets: [number, number];
}

// The metadata hold a checksum of the whole file, in which the checksum itself counts as zeros: the format has none.
const BLANK = "0".repeat(64);
const CHECKSUM = /"sha256":"([0-9a-f]{64})"/;

// a header of this package has some kilobytes
const MOST_HEADER = 2 ** 20;

/** The bytes of a file with `tensors` and `metadata`. */
export function encode({ tensors, metadata }: TensorFile): Uint8Array {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data }]): [string, Entry] => {
    const begin = end;
    end += 4 * data.length;
    return [name, { dtype: "F32", shape, data_offsets: [begin, end] }];
  });
  const json = JSON.stringify({ __metadata__: { sha256: BLANK, ...metadata }, ...Object.fromEntries(entries) });
  const header = Buffer.from(json);
  // the values begin at a multiple of 8, as the format asks
  const length = 8 * Math.ceil(header.length / 8);
  const bytes = Buffer.alloc(8 + length + end, " ");
  bytes.writeBigUInt64LE(BigInt(length));
  header.copy(bytes, 8);
  let at = 8 + length;
  for (const { data } of Object.values(tensors)) {
    for (const value of data) at = bytes.writeFloatLE(value, at);
  }
  bytes.write(sha256(bytes), bytes.indexOf(BLANK));
  return bytes;
}

/** What `encode` was given; `LovaszError` "data", naming `file`, for anything but an undamaged file of this kind. */
export function decode(bytes: Uint8Array, file: string): TensorFile {
  const damaged = (what: string) => new LovaszError("data", `${file} ${what}; train the model anew or copy the file again`);
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (whole.length < 8) throw damaged(`has ${counted(whole.length, "byte")}, too few for a safetensors file`);
  const length = whole.readBigUInt64LE();
  if (length > BigInt(whole.length - 8))
    throw damaged(`is truncated or no safetensors file: its header should take ${counted(length, "byte")}`);
  if (length > MOST_HEADER) throw damaged(`has a header of ${length} bytes, so lovasz train did not write it`);
  const start = 8 + Number(length);
  const text = whole.toString("utf8", 8, start);
  const header = parse(text);
  if (!header) throw damaged("is no safetensors file: its header is not JSON");
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecordOf(metadata, (value) => typeof value === "string")) throw damaged("has metadata that are not strings");
  const sum = CHECKSUM.exec(text)?.[1];
  if (!sum) throw damaged("has no checksum, so lovasz train did not write it");
  const unsigned = Buffer.from(whole);
  unsigned.write(BLANK, unsigned.indexOf(sum));
  if (sha256(unsigned) !== sum) throw damaged("is damaged: its checksum differs");
  let end = 0;
  const tensors = Object.entries(entries).map(([name, entry]): [string, nn.StateDict[string]] => {
    if (!isEntry(entry)) throw damaged(`has a tensor ${name} that is not described as float32 values`);
    const { shape, data_offsets: offsets } = entry;
    const count = shape.reduce((product, extent) => product * extent, 1);
    if (offsets[0] !== end || offsets[1] !== end + 4 * count)
      throw damaged(`has a tensor ${name} of shape [${shape}] at bytes ${offsets}, expected ${[end, end + 4 * count]}`);
    end = offsets[1];
    if (start + end > whole.length) throw damaged(`is truncated: the values of ${name} are missing`);
    return [name, { shape, data: Float32Array.from({ length: count }, (_, i) => whole.readFloatLE(start + offsets[0] + 4 * i)) }];
  });
  if (start + end !== whole.length) throw damaged(`has ${counted(whole.length - start, "byte")} of values, expected ${end}`);
  const { sha256: _, ...described } = metadata as Record<string, string>;
  return { tensors: Object.fromEntries(tensors), metadata: described };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecordOf(value, () => true) ? value : null;
  } catch {
    return null;
  }
}

function isRecordOf(value: unknown, is: (entry: unknown) => boolean): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(is);
}

function isEntry(value: unknown): value is Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<Entry>;
  const areWhole = (list: unknown): list is number[] => Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  return dtype === "F32" && areWhole(shape) && areWhole(offsets) && offsets.length === 2;
}

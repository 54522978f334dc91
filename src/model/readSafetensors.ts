// Reads the safetensors format: the length of a header, the header in JSON, the values.
// https://github.com/huggingface/safetensors#format
import { counted } from "../counted.js";
import { LovaszError } from "../errors.js";
import { readFileBytes } from "../fileBytes.js";
import type { StateDict } from "../nn/stateDict.js";
import { describe } from "../options.js";
import { show, sizeOf } from "../tensor/shape.js";
import { CHECKSUM, checksumOf, OLD_CHECKSUM, oldChecksumOf } from "./checksum.js";
import { DTYPES } from "./dtypes.js";

/** The key of the metadata in the header, which no tensor can have. */
export const METADATA = "__metadata__";

/** What a file holds. */
export interface TensorFile {
  /** The tensors by name, in float32. */
  state: StateDict;
  /** Text by name. */
  metadata: Record<string, string>;
}

// the format's own limit
const MOST_HEADER = 100_000_000;

// how the files of torch.save begin
const ZIP = [0x50, 0x4b, 0x03, 0x04];

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

interface Header {
  readonly text: string;
  /** Where the values begin. */
  readonly start: number;
  readonly metadata: Record<string, string>;
  /** By their offsets. */
  readonly entries: readonly Entry[];
}

/** Throws `LovaszError` "data"; its message begins with `name` and goes on with what is wrong, and the cure. */
export function readSafetensors(name: string, bytes: unknown): TensorFile {
  const file = readFileBytes(name, bytes);
  try {
    return contentsOf(name, file);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const why = `${name} has ${counted(file.length, "byte")}, and there is no memory for its values; free some, or split the file`;
    throw new LovaszError("memory", why, { cause: error });
  }
}

function contentsOf(name: string, file: Uint8Array): TensorFile {
  const header = headerOf(name, file);
  const { start, metadata, entries } = header;
  let end = 0;
  for (const entry of entries) {
    checkPlace(name, entry, end);
    end = entry.end;
  }
  if (start + end > file.length) {
    const last = entries.find((entry) => start + entry.end > file.length) as Entry;
    throw damaged(name, `is truncated: it has ${counted(file.length, "byte")}, but ${shown(last)} ends at ${start + last.end}`);
  }
  if (start + end < file.length) throw damaged(name, `has ${counted(file.length - start, "byte")} of values, expected ${end}`);
  const tensors = entries.map((entry): [string, StateDict[string]] => {
    const values = file.slice(start + entry.begin, start + entry.end).buffer;
    return [entry.name, { shape: entry.shape, data: DTYPES.get(entry.dtype)?.read(values) as Float32Array }];
  });
  const state = Object.fromEntries(tensors);
  verify(name, file, header, state);
  const kept = Object.entries(metadata).filter(([key]) => key !== CHECKSUM && (key !== OLD_CHECKSUM || !isOld(metadata)));
  return { state, metadata: Object.fromEntries(kept) };
}

function headerOf(name: string, file: Uint8Array): Header {
  if (file.length < 8) throw damaged(name, `has ${counted(file.length, "byte")}, too few for a safetensors file`);
  if (ZIP.every((byte, i) => file[i] === byte)) {
    const cure = "write it by safetensors.torch.save_file(model.state_dict(), path)";
    throw new LovaszError("data", `${name} is a ZIP archive, such as torch.save writes, expected a safetensors file; ${cure}`);
  }
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (length > file.length - 8) {
    throw damaged(name, `is truncated or no safetensors file: its header should take ${counted(length, "byte")}`);
  }
  if (length > MOST_HEADER) throw damaged(name, `has a header of ${length} bytes, expected at most ${MOST_HEADER}`);
  const start = 8 + Number(length);
  const text = textOf(file.subarray(8, start));
  const header = text?.startsWith("{") ? parse(text) : null;
  if (text === null || !header) throw damaged(name, "is no safetensors file: its header is not JSON");
  const { [METADATA]: metadata, ...tensors } = header;
  if (!isTexts(metadata ?? {})) throw damaged(name, `has ${METADATA} that is not text by name`);
  const entries = Object.entries(tensors).map(([tensor, entry]) => entryOf(name, tensor, entry));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  return { text, start, metadata: (metadata ?? {}) as Record<string, string>, entries };
}

function entryOf(name: string, tensor: string, entry: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !areWhole(shape) || !areWhole(offsets) || offsets.length !== 2) {
    throw damaged(name, `has a tensor ${describe(tensor)} that is not described by dtype, shape and data_offsets`);
  }
  if (!DTYPES.has(dtype)) {
    const known = [...DTYPES.keys()].join(", ");
    const cure = "convert it with tensor.float() before it is saved";
    throw new LovaszError("data", `${name} has a tensor ${describe(tensor)} of dtype ${describe(dtype)}, expected ${known}; ${cure}`);
  }
  return { name: tensor, dtype, shape, begin: offsets[0], end: offsets[1] };
}

// the values of one tensor follow those of the one before, without holes
function checkPlace(name: string, entry: Entry, begin: number): void {
  const end = begin + sizeOf(entry.shape) * (DTYPES.get(entry.dtype)?.bytes ?? 0);
  if (entry.begin === begin && entry.end === end) return;
  throw damaged(name, `has ${shown(entry)} at bytes ${entry.begin} to ${entry.end} of its values, expected ${begin} to ${end}`);
}

const shown = ({ name, dtype, shape }: Entry) => `tensor ${describe(name)}, ${dtype} ${show(shape)},`;

/** Throws where there is a checksum, and the contents are not what was written, though no other program wrote them. */
function verify(name: string, file: Uint8Array, { text, metadata, entries }: Header, state: StateDict): void {
  // Whoever converts tensors and keeps the metadata makes another file. A dtype of as many bytes may be a damaged F32.
  if (entries.some(({ dtype }) => DTYPES.get(dtype)?.bytes !== 4)) return;
  if (metadata[CHECKSUM] !== undefined) {
    if (metadata[CHECKSUM] === checksumOf(state, metadata)) return;
    const exception = `if a program changed its tensors on purpose, have it leave ${JSON.stringify(CHECKSUM)} out of the metadata`;
    throw damaged(name, "is damaged: the checksum of its contents differs", `; ${exception}`);
  }
  // 0.1.0 wrote the checksum first, and the tensors in the order of the network, other programs write them sorted
  if (!isOld(metadata) || !text.startsWith(OLD_START) || isSorted(entries)) return;
  if (metadata[OLD_CHECKSUM] !== oldChecksumOf(file, 8 + OLD_START.length)) throw damaged(name, "is damaged: its checksum differs");
}

const OLD_START = `{"${METADATA}":{"${OLD_CHECKSUM}":"`;

function isOld(metadata: Readonly<Record<string, string>>): boolean {
  return metadata[CHECKSUM] === undefined && metadata.kind === "lovasz.UNet" && /^[0-9a-f]{64}$/.test(metadata[OLD_CHECKSUM] ?? "");
}

function isSorted(entries: readonly Entry[]): boolean {
  return entries.every(({ name }, i) => i === 0 || entries[i - 1].name < name);
}

function damaged(name: string, what: string, exception = ""): LovaszError {
  return new LovaszError("data", `${name} ${what}; copy or download the file again${exception}`);
}

// null where it is not UTF-8
function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function isTexts(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every((one) => typeof one === "string")
  );
}

function areWhole(list: unknown): list is number[] {
  return Array.isArray(list) && list.every((one) => Number.isSafeInteger(one) && one >= 0);
}

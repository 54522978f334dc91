import { LovaszError } from "../errors.js";
import { ofJson, type StateDict } from "../nn/stateDict.js";
import { describe, isList, isPlain } from "../options.js";
import { show, sizeOf } from "../tensor/shape.js";
import { isFloat32, ordinary } from "../typedArray.js";
import { CHECKSUM, checksumOf } from "./checksum.js";
import { METADATA } from "./readSafetensors.js";

/**
 * The bytes of a safetensors file, which `decodeSafetensors`, and PyTorch by `load_file` of its package safetensors, read. The metadata get
 * a checksum of the contents, `"lovasz.sha256"`. Numbers of any list are rounded to float32.
 *
 * Source: https://github.com/huggingface/safetensors#format
 *
 * Throws `LovaszError` "data" or "shape" for a state that `stateDict()` does not return, "option" for metadata that are not text, and
 * "memory".
 *
 * @param state - What `stateDict()` returns: tensors by name. They need not be finite.
 * @param metadata - Text by name. Default none.
 *
 * @example
 * ```js
 * import { nn } from "lovasz";
 * import { decodeSafetensors, encodeSafetensors } from "lovasz/model";
 *
 * const layer = new nn.Conv2d(3, 8, 3);
 * const bytes = encodeSafetensors(layer.stateDict(), { note: "untrained" });
 * const { state, metadata } = decodeSafetensors(bytes);
 * layer.loadStateDict(state);
 * console.log(state.weight.shape, metadata.note); // [ 8, 3, 3, 3 ] untrained
 * ```
 */
export function encodeSafetensors(state: StateDict, metadata: Record<string, string> = {}): Uint8Array<ArrayBuffer> {
  const call = "encodeSafetensors(state, metadata)";
  const tensors = readState(call, state);
  const texts = { ...readMetadata(call, metadata) };
  texts[CHECKSUM] = checksumOf(tensors, texts);
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data }]): [string, object] => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype: "F32", shape, data_offsets: [begin, end] }];
  });
  const header = new TextEncoder().encode(JSON.stringify({ [METADATA]: texts, ...Object.fromEntries(entries) }));
  // the values begin at a multiple of 8, as the format asks
  const length = 8 * Math.ceil(header.length / 8);
  const bytes = allocated(call, 8 + length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(SPACE, 8, 8 + length);
  bytes.set(header, 8);
  let at = 8 + length;
  for (const { data } of Object.values(tensors)) {
    new Float32Array(bytes.buffer, at, data.length).set(data);
    at += data.byteLength;
  }
  return bytes;
}

const SPACE = 0x20;

function allocated(call: string, bytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new LovaszError("memory", `${call}: cannot allocate ${bytes} bytes; save fewer tensors in one file`, { cause });
  }
}

// Everything is read once: a getter may return something else the next time.
function readState(call: string, state: unknown): StateDict {
  if (!isPlain(state)) throw new LovaszError("data", `${call}: state is ${describe(state)}, expected what stateDict() returns`);
  return Object.fromEntries(
    Object.entries(state).map(([name, entry]): [string, StateDict[string]] => {
      if (name === METADATA) throw new LovaszError("data", `${call}: state has a tensor ${METADATA}, a name that the format reserves`);
      checkText(call, "data", "the name of a tensor in state", name);
      const { shape: given, data } = (entry ?? {}) as { shape?: unknown; data?: unknown };
      const shape = Array.isArray(given) ? [...given] : null;
      if (!shape?.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
        const came = shape ? show(shape) : describe(given);
        throw new LovaszError("shape", `${call}: state[${describe(name)}].shape is ${came}, expected whole numbers of at least 0`);
      }
      return [name, { shape, data: readNumbers(call, `state[${describe(name)}]`, data, shape) }];
    }),
  );
}

function readNumbers(call: string, name: string, data: unknown, shape: readonly number[]): Float32Array {
  const size = sizeOf(shape);
  if (!isList(data) || data.length !== size) {
    const expected = `${size} numbers for shape ${show(shape)}${ofJson(data)}`;
    throw new LovaszError("shape", `${call}: ${name}.data is ${describe(data)}, expected ${expected}`);
  }
  if (isFloat32(data)) return ordinary(data);
  return Float32Array.from(data as ArrayLike<unknown>, (value, i) => {
    if (typeof value === "number") return value;
    throw new LovaszError("data", `${call}: ${name}.data[${i}] is ${describe(value)}, expected a number`);
  });
}

function readMetadata(call: string, metadata: unknown): Record<string, string> {
  const expected = "expected an object of text by name";
  if (!isPlain(metadata)) throw new LovaszError("option", `${call}: metadata is ${describe(metadata)}, ${expected}`);
  const entries = Object.entries(metadata);
  for (const [key, value] of entries) {
    const name = `metadata[${describe(key)}]`;
    if (typeof value !== "string") {
      throw new LovaszError("option", `${call}: ${name} is ${describe(value)}, expected text; pass String(value) or JSON.stringify(value)`);
    }
    checkText(call, "option", `a key of metadata`, key);
    checkText(call, "option", name, value);
  }
  return Object.fromEntries(entries) as Record<string, string>;
}

// other readers refuse half a character in the JSON of a file
function checkText(call: string, code: "data" | "option", name: string, text: string): void {
  if (!/\p{Surrogate}/u.test(text)) return;
  throw new LovaszError(code, `${call}: ${name} has half a character (a lone surrogate), expected well-formed text`);
}

// The bytes of a file, as users hand them in.
import { LovaszError } from "./errors.js";
import { describe } from "./options.js";
import { isDetached, kindOf } from "./typedArray.js";

/**
 * `bytes`, a Uint8Array, a Buffer or an ArrayBuffer, as a plain Uint8Array on the same memory. `name` begins the message of the
 * `LovaszError` "data" for anything else.
 */
export function readFileBytes(name: string, bytes: unknown): Uint8Array<ArrayBuffer> {
  const wrong = (what: string) => new LovaszError("data", `${name} is ${what}`);
  const whole = tagOf(bytes) === "ArrayBuffer" ? (bytes as ArrayBuffer) : null;
  if (!whole && kindOf(bytes) !== "Uint8Array") {
    throw wrong(`${describe(bytes)}, expected a Uint8Array or an ArrayBuffer${cureOf(bytes)}`);
  }
  const { buffer, byteOffset, length } = whole ? { buffer: whole, byteOffset: 0, length: whole.byteLength } : (bytes as Uint8Array);
  if (tagOf(buffer) === "SharedArrayBuffer")
    throw wrong("in shared memory, where others may change it; pass a copy, Uint8Array.from(bytes)");
  if (isDetached({ buffer, byteOffset, byteLength: length })) {
    throw wrong("detached: its memory was transferred; pass it before that, or transfer a copy");
  }
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
}

// of any realm
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function cureOf(value: unknown): string {
  if (typeof value === "string") return "; read the file, for example by await readFile(path), and pass its contents";
  const tag = tagOf(value);
  if (tag === "SharedArrayBuffer") return ", not of shared memory, where others may change it; pass new Uint8Array(new Uint8Array(it))";
  if (tag === "Promise") return "; await it";
  if (tag === "Response" || tag === "Blob" || tag === "File") return "; pass its await arrayBuffer()";
  if (ArrayBuffer.isView(value)) return "; pass new Uint8Array(it.buffer, it.byteOffset, it.byteLength)";
  return "";
}

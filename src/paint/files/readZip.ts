// Zip files from people: damaged, made to harm, or simply of others. Nothing is unpacked before it is asked for, nor beyond its claim.
import { faults } from "../strings.js";
import { crc32 } from "./crc32.js";
import { inflated } from "./deflate.js";
import { CENTRAL, END, LOCAL } from "./zip.js";

/** A file in a zip file. */
export interface Entry {
  /** How many bytes it has, as it claims. */
  readonly size: number;
  /** Its contents; throws an Error that goes on after its name. */
  read(): Promise<Blob>;
}

const ENCRYPTED = 1;
const [STORED, DEFLATED] = [0, 8];
/** An end has 22 bytes and a comment of at most 2^16 - 1. */
const LONGEST_END = 22 + 2 ** 16 - 1;
/** The directory of more files than the page can show. */
const LONGEST_DIRECTORY = 2 ** 24;

/** The files in `file` by their names, with slashes; throws an Error that goes on after the file's name. */
export async function readZip(file: Blob): Promise<Map<string, Entry>> {
  const { count, size, offset } = await findEnd(file);
  if (size > LONGEST_DIRECTORY || offset + size > file.size) throw new Error(faults.zip.outside);
  const view = await viewOf(file, offset, size);
  const entries = new Map<string, Entry>();
  for (let i = 0, at = 0; i < count; i++) {
    if (at + 46 > size || view.getUint32(at, true) !== CENTRAL) throw new Error(faults.zip.cut);
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + 46 + name + extra + comment;
    if (next > size) throw new Error(faults.zip.cut);
    // some programs of Windows write backslashes
    const path = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, name)).replaceAll("\\", "/");
    entries.set(path, entryOf(file, view, at));
    at = next;
  }
  return entries;
}

function entryOf(file: Blob, view: DataView, at: number): Entry {
  const [flags, method] = [8, 10].map((field) => view.getUint16(at + field, true));
  const [crc, packed, size, offset] = [16, 20, 24, 42].map((field) => view.getUint32(at + field, true));
  const read = async () => {
    if (flags & ENCRYPTED) throw new Error(faults.zip.encrypted);
    if (method !== STORED && method !== DEFLATED) throw new Error(faults.zip.packing(method));
    const local = await viewOf(file, offset, 30);
    if (local.byteLength < 30 || local.getUint32(0, true) !== LOCAL) throw new Error(faults.damaged);
    const start = offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    const content = file.slice(start, start + packed);
    const whole = method === STORED ? content : new Blob([await inflated(content, "deflate-raw", size)]);
    if (content.size !== packed || whole.size !== size || (await crc32(whole)) !== crc) throw new Error(faults.damaged);
    return whole;
  };
  return { size, read };
}

async function findEnd(file: Blob): Promise<{ count: number; size: number; offset: number }> {
  const view = await viewOf(file, Math.max(0, file.size - LONGEST_END), LONGEST_END);
  for (let at = view.byteLength - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== END || at + 22 + view.getUint16(at + 20, true) !== view.byteLength) continue;
    const [count, size, offset] = [view.getUint16(at + 10, true), view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
    if (count === 2 ** 16 - 1 || offset === 2 ** 32 - 1) throw new Error(faults.zip.tooLarge);
    return { count, size, offset };
  }
  throw new Error(faults.zip.none);
}

async function viewOf(file: Blob, from: number, length: number): Promise<DataView> {
  return new DataView(await file.slice(from, from + length).arrayBuffer());
}

// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import { faults } from "../strings.js";
import { crc32 } from "./crc32.js";
import { CENTRAL, END, LOCAL } from "./zip.js";

/** Sizes and offsets have 32 bits, and counts 16. */
const [MOST_BYTES, MOST_FILES] = [2 ** 32 - 1, 2 ** 16 - 1];
const UTF8 = 1 << 11;
/** The version that knows folders: 2.0. */
const VERSION = 20;

/**
 * A zip file, of files as they are: pictures are compressed already. Sizes and checksums stand before each file, for programs that read
 * from the beginning to the end.
 */
export class ZipWriter {
  readonly #files: Blob[] = [];
  readonly #directory: Uint8Array<ArrayBuffer>[] = [];
  readonly #time = dosTime(new Date());
  #at = 0;

  /** Adds a file; `name` may have slashes. Throws an Error where the zip file would become too large. */
  async add(name: string, content: Blob): Promise<void> {
    const encoded = new TextEncoder().encode(name);
    const { size } = content;
    const facts = [VERSION, UTF8, 0, ...this.#time];
    const crc = await crc32(content);
    const local = record([[4, LOCAL], ...shorts(...facts), [4, crc], [4, size], [4, size], ...shorts(encoded.length, 0)], encoded);
    const central = [[4, CENTRAL], ...shorts(VERSION, ...facts), [4, crc], [4, size], [4, size], ...shorts(encoded.length, 0, 0, 0, 0)];
    this.#directory.push(record([...central, [4, 0], [4, this.#at]], encoded));
    this.#at += local.length + size;
    if (this.#at + this.#directorySize > MOST_BYTES || this.#directory.length > MOST_FILES) {
      throw new Error(faults.zip.tooMuch);
    }
    this.#files.push(new Blob([local, content]));
  }

  /** The whole file. */
  finish(): Blob {
    const count = this.#directory.length;
    const end = record([[4, END], ...shorts(0, 0, count, count), [4, this.#directorySize], [4, this.#at], [2, 0]]);
    return new Blob([...this.#files, ...this.#directory, end], { type: "application/zip" });
  }

  get #directorySize(): number {
    return this.#directory.reduce((sum, { length }) => sum + length, 0);
  }
}

const shorts = (...values: number[]) => values.map((value) => [2, value]);

/** Numbers of so many bytes, the lowest first, and `name` after them. */
function record(fields: readonly (readonly number[])[], name = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const head = fields.flatMap(([bytes, value]) => Array.from({ length: bytes }, (_, i) => (value / 2 ** (8 * i)) & 255));
  return Uint8Array.of(...head, ...name);
}

function dosTime(date: Date): [time: number, day: number] {
  return [
    (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1),
    ((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate(),
  ];
}

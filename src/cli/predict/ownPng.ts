// PNG files with a mark that tells them from those of people, which are never overwritten.
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { encodePng, type Plain } from "../encodePng.js";

const SOFTWARE = "lovasz predict";
const HEAD = encodePng({ width: 1, height: 1, channels: 1, data: Uint8Array.of(0) }, SOFTWARE);
// the mark follows the signature and the header chunk
const [FROM, TO] = [33, 33 + 12 + "Software\0".length + SOFTWARE.length];
const MARK = HEAD.subarray(FROM, TO);

/** A PNG file of `image` that says what wrote it. */
export function encodeOwn(image: Plain): Buffer {
  return encodePng(image, SOFTWARE);
}

/** Whether `encodeOwn` made the file; false where it cannot be read. */
export function isOwn(path: string | Buffer): boolean {
  try {
    // a pipe may never come
    if (!statSync(path).isFile()) return false;
    const file = openSync(path, "r");
    try {
      const head = Buffer.alloc(TO);
      readSync(file, head, 0, TO, 0);
      return head.subarray(FROM).equals(MARK);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

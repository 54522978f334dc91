// Our zip files against fflate, both ways.
import { unzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { readZip } from "../../../src/paint/files/readZip.js";
import { ZipWriter } from "../../../src/paint/files/ZipWriter.js";

const FILES: Record<string, Uint8Array<ArrayBuffer>> = {
  "a.txt": new TextEncoder().encode("text ".repeat(1000)),
  "folder/é 漢.bin": Uint8Array.from({ length: 300_001 }, (_, i) => (i * i) >> 3),
  empty: new Uint8Array(),
};

async function written(): Promise<Blob> {
  const zip = new ZipWriter();
  for (const name of Object.keys(FILES)) await zip.add(name, new Blob([FILES[name]]));
  return zip.finish();
}

// quicker to compare than arrays
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const TEXTS = Object.fromEntries(Object.entries(FILES).map(([name, bytes]) => [name, text(bytes)]));

async function contents(file: Blob): Promise<Record<string, string>> {
  const entries = await readZip(file);
  const read = async (name: string) => [name, text(await bytesOf(await entries.get(name)!.read()))] as const;
  return Object.fromEntries(await Promise.all([...entries.keys()].map(read)));
}

const bytesOf = async (file: Blob) => new Uint8Array(await file.arrayBuffer());

describe("a zip file", () => {
  test("that ZipWriter wrote is read by others, from its beginning and from its end", async () => {
    const file = await bytesOf(await written());
    expect(Object.entries(unzipSync(file)).map(([name, bytes]) => [name, text(bytes)])).toEqual(Object.entries(TEXTS));
    expect(await contents(await written())).toEqual(TEXTS);
    // sizes stand before the files, not only after them
    expect(new DataView(file.buffer).getUint16(6, true) & 8).toBe(0);
  });

  test("without files is one, too", async () => {
    expect(await contents(new ZipWriter().finish())).toEqual({});
  });

  test.each([0, 6] as const)("of others, compressed at level %i, is read", async (level) => {
    expect(await contents(new Blob([zipSync(FILES, { level }) as Uint8Array<ArrayBuffer>]))).toEqual(TEXTS);
    expect(await contents(new Blob([zipSync(FILES, { level, comment: "a comment" }) as Uint8Array<ArrayBuffer>]))).toEqual(TEXTS);
  });

  test("of Windows may have backslashes", async () => {
    const entries = await readZip(new Blob([zipSync({ "a\\b": FILES.empty }) as Uint8Array<ArrayBuffer>]));
    expect([...entries.keys()]).toEqual(["a/b"]);
  });

  test.each([0, 6] as const)("of level %i that is damaged at any byte is refused, or read as it was", async (level) => {
    const content = new TextEncoder().encode("text ".repeat(30));
    const whole = zipSync({ "a.txt": content }, { level }) as Uint8Array<ArrayBuffer>;
    for (let at = 0; at < whole.length; at++) {
      const broken = whole.slice();
      broken[at] ^= 255;
      const outcome = await contents(new Blob([broken])).catch((error: Error) => error.message);
      if (typeof outcome === "string")
        expect(outcome).toMatch(/is damaged|is no zip file|is encrypted|in a way that is not known|bytes|over 4 GB/);
      else expect(Object.values(outcome)).toEqual([text(content)]);
    }
    for (const length of [0, 1, 21, 22, 40, whole.length - 1]) {
      await expect(contents(new Blob([whole.slice(0, length)]))).rejects.toThrow(/is no zip file|is damaged/);
    }
  });

  test("that unpacks to more than it claims is refused before it does", async () => {
    const bomb = zipSync({ bomb: new Uint8Array(2 ** 24) }) as Uint8Array<ArrayBuffer>;
    const directory = bomb.findIndex((_, i) => bomb[i] === 0x50 && bomb[i + 1] === 0x4b && bomb[i + 2] === 1 && bomb[i + 3] === 2);
    new DataView(bomb.buffer, bomb.byteOffset).setUint32(directory + 24, 1000, true);
    await expect(contents(new Blob([bomb]))).rejects.toThrow("unpacks to more than the 1000 bytes that it claims");
  });
});

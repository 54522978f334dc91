import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { encodePng } from "../../../src/cli/encodePng.js";
import { encodeOwn, isOwn } from "../../../src/cli/predict/ownPng.js";
import { png, temporaryFolder } from "../helpers/files.js";

const root = temporaryFolder();
const image = { width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) } as const;

test("tells files that it made from all others", () => {
  const file = (name: string, bytes: Uint8Array | string) => {
    writeFileSync(join(root, name), bytes);
    return join(root, name);
  };
  const own = encodeOwn(image);
  expect(decode(own, { checkCrc: true })).toMatchObject({ ...image, text: { Software: "lovasz predict" } });
  expect(isOwn(file("own.png", own))).toBe(true);
  expect(isOwn(Buffer.from(join(root, "own.png")))).toBe(true);
  symlinkSync(join(root, "own.png"), join(root, "link.png"));
  expect(isOwn(join(root, "link.png"))).toBe(true);
  mkdirSync(join(root, "folder.png"));
  const others = {
    "hand.png": png(2, 1, 1, () => 255),
    "other.png": encodePng(image, "lovasz predicts"),
    "cut.png": own.subarray(0, 50),
    "empty.png": "",
  };
  for (const [name, bytes] of Object.entries(others)) expect(isOwn(file(name, bytes)), name).toBe(false);
  for (const name of ["folder.png", "none.png"]) expect(isOwn(join(root, name)), name).toBe(false);
});

test.skipIf(process.platform === "win32")("does not wait for a pipe", () => {
  execFileSync("mkfifo", [join(root, "pipe.png")]);
  expect(isOwn(join(root, "pipe.png"))).toBe(false);
});

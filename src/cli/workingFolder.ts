// The working directory, which may be deleted while programs are in it.
import { existsSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import { WrongCall } from "./exits.js";

/** The message where a call needs the working directory, but it was deleted. */
export const GONE = "the working directory no longer exists; change to a folder that does";

/** The working directory; throws `WrongCall` where it was deleted. */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw isGone(error) ? new WrongCall(GONE) : error;
  }
}

/** Whether Node failed because the working directory was deleted. Errors from its workers keep only the message. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && /ENOENT.*\buv_cwd\b/.test(error.message);
}

/** `path` made absolute, valid even if the working directory is deleted later; throws `WrongCall` if it already was. */
export function absolute(path: string): string {
  if (isAbsolute(path)) return resolve(path);
  const folder = workingFolder();
  // Node replaces such bytes with U+FFFD: the absolute path would lead elsewhere
  if (folder.includes("\uFFFD") && !existsSync(folder)) {
    throw new WrongCall("the path of the working directory holds bytes that are not UTF-8; change to another, or pass absolute paths");
  }
  return resolve(path);
}

/** `path` relative to the working directory; absolute where that was deleted. */
export function fromHere(path: string): string {
  return isHere() ? relative(process.cwd(), path) : path;
}

// Node remembers the name of the working directory, which may now belong to another folder.
function isHere(): boolean {
  try {
    const [here, named] = [statSync("."), statSync(process.cwd())];
    return here.dev === named.dev && here.ino === named.ino;
  } catch {
    return false;
  }
}

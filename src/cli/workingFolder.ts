// The working directory, which may be deleted while programs are in it.
import { existsSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import { WrongCall } from "./exits.js";

/** What a call is told that needs the working directory when that was deleted. */
export const GONE = "the working directory no longer exists; change to a folder that does";

/** The working directory; throws `WrongCall` where it was deleted. */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw isGone(error) ? new WrongCall(GONE) : error;
  }
}

/** Whether Node failed because the working directory was deleted. Its workers pass on nothing but the message. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && /ENOENT.*\buv_cwd\b/.test(error.message);
}

/** `path` in full, as it holds even when the working directory is deleted later; throws `WrongCall` where that is so already. */
export function absolute(path: string): string {
  if (isAbsolute(path)) return resolve(path);
  const folder = workingFolder();
  // Node puts U+FFFD for such bytes: the path in full would lead elsewhere
  if (folder.includes("\uFFFD") && !existsSync(folder)) {
    throw new WrongCall("the path of the working directory holds bytes that are not UTF-8; change to another, or pass absolute paths");
  }
  return resolve(path);
}

/** `path` as seen from the working directory; in full where that was deleted. */
export function fromHere(path: string): string {
  return isHere() ? relative(process.cwd(), path) : path;
}

// Node remembers the name of the working directory, where another folder may stand by now.
function isHere(): boolean {
  try {
    const [here, named] = [statSync("."), statSync(process.cwd())];
    return here.dev === named.dev && here.ino === named.ino;
  } catch {
    return false;
  }
}

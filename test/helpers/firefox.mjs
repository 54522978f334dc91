// Pages in Firefox, where one is installed.
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pageIn } from "./pageIn.mjs";

/** The path of an installed Firefox. */
export const firefox = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => ["firefox", "firefox-esr"].map((name) => join(folder, name)))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
if (!firefox) console.warn("skipped: no Firefox on the PATH");

/**
 * What `script`, an expression that may be a promise, is in a page of `html` that finds `folders` as `serve` serves them. Rejects
 * with what it throws, and after 45 seconds. It has no windows, unless a program that gives it a display, `display`, starts it.
 * @param {string} html
 * @param {string} script
 * @param {Record<string, URL>} folders
 * @param {Record<string, string>} [headers]
 * @param {string[]} [display]
 * @returns {Promise<unknown>}
 */
export async function inFirefox(html, script, folders, headers = {}, display = []) {
  const profile = await mkdtemp(join(tmpdir(), "lovasz-firefox-"));
  try {
    const windows = display.length > 0 ? [] : ["--headless"];
    const command = [...display, /** @type {string} */ (firefox), ...windows, "--no-remote", "--profile", profile];
    return await pageIn("Firefox", command, { html, script, folders, headers });
  } finally {
    await rm(profile, { recursive: true, maxRetries: 5 });
  }
}

// Pages in Firefox, where one is installed. No driver is needed: a page tells its own server what came out.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { serve } from "./serve.mjs";

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

const PATIENCE = 45_000;

/**
 * What `script`, an expression that may be a promise, is in a page of `html` that finds `folders` as `serve` serves them. Rejects
 * with what it throws, and after 45 seconds.
 */
export async function inFirefox(
  html: string,
  script: string,
  folders: Record<string, URL>,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const profile = await mkdtemp(join(tmpdir(), "lovasz-firefox-"));
  let hear: (said: string) => void = () => {};
  const heard = new Promise<string>((resolve) => {
    hear = resolve;
  });
  const asking = `<script type="module">
    const said = await Promise.resolve().then(() => (${script})).then((answer) => ({ answer }), (error) => ({ error: String(error) }));
    await fetch("/said", { method: "POST", body: JSON.stringify(said) });
  </script>`;
  const site = await serve(folders, headers, { texts: { "/asking.html": `<!doctype html><title>lovasz</title>${html}${asking}` }, hear });
  const args = ["--headless", "--no-remote", "--profile", profile, `${site.url}asking.html`];
  const browser = spawn(firefox as string, args, { stdio: "ignore" });
  const gone = new Promise((done) => browser.once("exit", done));
  const timer = setTimeout(() => hear(JSON.stringify({ error: `Firefox said nothing in ${PATIENCE / 1000} s` })), PATIENCE);
  try {
    const { answer, error } = JSON.parse(await heard);
    if (error !== undefined) throw new Error(`in Firefox: ${error}`);
    return answer;
  } finally {
    clearTimeout(timer);
    browser.kill();
    await gone;
    await site.close();
    await rm(profile, { recursive: true, maxRetries: 5 });
  }
}

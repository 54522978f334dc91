// Pages in browsers without a driver: a page tells its own server what came out.
import { spawn } from "node:child_process";
import { serve } from "./serve.mjs";

const PATIENCE = 45_000;

/**
 * What `script`, an expression that may be a promise, is in a page of `html` that finds `folders` as `serve` serves them, in the browser that
 * `command` starts, with the address as its last argument. Rejects with what it throws, and after 45 seconds.
 * @param {string} name of the browser, for messages
 * @param {string[]} command
 * @param {{ html?: string, script: string, folders: Record<string, URL>, headers?: Record<string, string> }} page
 * @returns {Promise<unknown>}
 */
export async function pageIn(name, [program, ...args], { html = "", script, folders, headers = {} }) {
  /** @type {(said: string) => void} */
  let hear = () => {};
  const heard = /** @type {Promise<string>} */ (
    new Promise((resolve) => {
      hear = resolve;
    })
  );
  const asking = `<script type="module">
    const said = await Promise.resolve().then(() => (${script})).then((answer) => ({ answer }), (error) => ({ error: String(error) }));
    await fetch("/said", { method: "POST", body: JSON.stringify(said) });
  </script>`;
  const texts = { "/asking.html": `<!doctype html><title>lovasz</title>${html}${asking}` };
  const site = await serve(folders, headers, { texts, hear: (said) => hear(said) });
  // a group of its own, so that what it starts ends with it
  const hasGroups = process.platform !== "win32";
  const browser = spawn(program, [...args, `${site.url}asking.html`], { stdio: "ignore", detached: hasGroups });
  const gone = new Promise((done) => browser.once("exit", done));
  const timer = setTimeout(() => hear(JSON.stringify({ error: `${name} said nothing in ${PATIENCE / 1000} s` })), PATIENCE);
  try {
    const { answer, error } = JSON.parse(await heard);
    if (error !== undefined) throw new Error(`in ${name}: ${error}`);
    return answer;
  } finally {
    clearTimeout(timer);
    if (hasGroups && browser.pid !== undefined) process.kill(-browser.pid);
    else browser.kill();
    await gone;
    await site.close();
  }
}

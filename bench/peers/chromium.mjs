// Contenders in an isolated page of Chromium, each in a worker of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { openBrowser } from "../../test/helpers/chromium.mjs";
import { ISOLATED, serve } from "../../test/helpers/serve.mjs";

const root = new URL("../../", import.meta.url);

/** `{ version, contender, close }`: `contender(name, args, task)` promises one like those of peer.mjs. Throws `NoBrowser`. */
export async function openChromium() {
  const browser = await openBrowser();
  const folder = mkdtempSync(join(tmpdir(), "lovasz-bench-"));
  await bundle(folder);
  const folders = {
    "/dist/": new URL("dist/", root),
    "/bundle/": pathToFileURL(`${folder}/`),
    "/tfjs/": new URL("node_modules/@tensorflow/tfjs-backend-wasm/dist/", root),
  };
  const site = await serve(folders, ISOLATED);
  const page = await browser.newPage({ locale: "en-US" });
  await page.goto(site.url);
  return {
    version: browser.version(),
    contender: async (name, args, task) => contenderOf(page, await page.evaluateHandle(open, { name, args, task })),
    async close() {
      await browser.close();
      await site.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const bundle = (outdir) =>
  build({
    entryPoints: [fileURLToPath(new URL("page_worker.mjs", import.meta.url))],
    ...{ outdir, bundle: true, splitting: true, format: "esm", platform: "browser", logLevel: "error" },
    external: ["/dist/*"],
  });

function contenderOf(page, ask) {
  const answers = {
    result: Number.NaN,
    async milliseconds(request) {
      const { time, result } = await page.evaluate(([ask, request]) => ask({ request }), [ask, request]);
      answers.result = result;
      return time;
    },
    end: () => page.evaluate((ask) => ask.end(), ask),
  };
  return answers;
}

// in the page, as text: a function that asks a new worker and promises its answer
async function open(first) {
  const worker = new Worker("/bundle/page_worker.js", { type: "module" });
  const ask = (message) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(message);
    });
  ask.end = () => worker.terminate();
  await ask(first);
  return ask;
}

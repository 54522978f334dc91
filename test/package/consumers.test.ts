// Projects of other people, built with what they use, in a real browser.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import { afterAll, expect, test } from "vitest";
import webpack from "webpack";
import { lovaszHinge, valueAndGrad } from "../../src/index.js";
import { describeBrowser, openSite } from "../helpers/browser.js";
import { firefox, inFirefox } from "../helpers/firefox.mjs";
import { openStranger } from "./stranger.js";

const PROGRAM = `
import { lovaszHinge, tensor, valueAndGrad } from "lovasz";
const { value, grad } = valueAndGrad(lovaszHinge)(new Float32Array([2, 0.5, -0.5, -3]), [1, 0, 1, 0]);
export const answer = { value, grad: [...grad], sum: tensor([1, 2]).add(1).sum().item() };
`;
// the same loss on workers, two images
const POOL = `
import { lovaszHinge, openDevice } from "lovasz";
const options = globalThis.workerScript ? { worker: globalThis.workerScript } : {};
const device = await openDevice("threads", { workers: 2, least: 0, ...options });
const input = new Float32Array([2, 0.5, -0.5, -3, 2, 0.5, -0.5, -3]);
const { value, grad } = await device.valueAndGrad(lovaszHinge, input, [1, 0, 1, 0, 1, 0, 1, 0], { shape: [2, 4] });
globalThis.answer = { value, grad: [...grad], runsOn: device.info.runsOn };
await device.close();
`;
const { value, grad } = valueAndGrad(lovaszHinge)(new Float32Array([2, 0.5, -0.5, -3]), [1, 0, 1, 0]);
const answer = { value, grad: [...grad], sum: 5 };
// each image counts half
const pooled = { value, grad: [...grad, ...grad].map((slope) => Math.fround(slope / 2)), runsOn: "Web Workers" };

const stranger = await openStranger();
stranger.write("program.js", PROGRAM);
stranger.write("page.js", 'import { answer } from "./program.js"; globalThis.answer = answer;');
stranger.write("pool.js", POOL);
stranger.write("worker.js", 'import { answer } from "./program.js"; postMessage(answer);');
stranger.write(
  "service.js",
  'import { answer } from "./program.js"; addEventListener("message", ({ source }) => source.postMessage(answer));',
);
afterAll(() => stranger.remove());

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const at = (file: string) => join(stranger.folder, file);

/** What a page says, `script` run in it; Firefox, where one is installed, has to say the same. */
async function said(html: string, script: string): Promise<unknown> {
  stranger.write("index.html", `<!doctype html><title>stranger</title>${html}`);
  const folders = { "/": pathToFileURL(`${stranger.folder}/`) };
  const [answer, other] = await Promise.all([inChromium(folders, script), firefox ? inFirefox(html, script, folders) : null]);
  if (firefox) expect(other).toEqual(answer);
  return answer;
}

async function inChromium(folders: Record<string, URL>, script: string): Promise<unknown> {
  const site = await openSite(folders, "index.html");
  try {
    return await site.page.evaluate(script);
  } finally {
    await site.close();
  }
}

const WAIT = "new Promise((done) => { const ask = () => (globalThis.answer ? done(globalThis.answer) : setTimeout(ask, 10)); ask(); })";
const page = (file: string) => said(`<script type="module" src="${file}"></script>`, WAIT);

/** A page that opens no device is one file. */
function expectWorkers(assets: string[], file: string): void {
  if (file === "page.js") expect(assets).toHaveLength(1);
  else expect(assets.filter((name) => name.startsWith("worker"))).toHaveLength(1);
}

/** Leaves the chunk of gpu.js, which no page here loads, as it is: to minify it takes two thirds of the time. */
const sparingLargest = {
  apply: (compiler: webpack.Compiler) =>
    compiler.hooks.compilation.tap("sparing", (compilation) => {
      const stage = webpack.Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_SIZE - 1;
      compilation.hooks.processAssets.tap({ name: "sparing", stage }, (assets) => {
        for (const [name, source] of Object.entries(assets)) {
          if (source.size() > 2 ** 20) compilation.updateAsset(name, source, { minimized: true });
        }
      });
    }),
};

describeBrowser("lovasz in the project of somebody else", { timeout: 180_000 }, () => {
  test("built by Vite, which finds the workers", async () => {
    for (const [file, expected] of [
      ["page.js", answer],
      ["pool.js", pooled],
    ] as const) {
      stranger.write("index.html", `<!doctype html><script type="module" src="${file}"></script>`);
      const build = { outDir: at("vite"), minify: true, emptyOutDir: true, target: "esnext" };
      await vite({ root: stranger.folder, logLevel: "error", base: "/vite/", build });
      const assets = readdirSync(at("vite/assets"));
      expectWorkers(assets, file);
      const entry = assets.find((name) => name.startsWith("index"));
      expect(await page(`vite/assets/${entry}`)).toEqual(expected);
    }
  });

  test("whose worker trains, built by Vite", async () => {
    for (const file of ["index.html", "page.js", "worker.js"]) {
      const text = readFileSync(`examples/worker/${file}`, "utf8");
      stranger.write(`training/${file}`, text.replace("./lovasz/index.js", "lovasz").replace("./lovasz/model.js", "lovasz/model"));
    }
    const build = { outDir: at("trained"), emptyOutDir: true, target: "esnext" };
    await vite({ root: at("training"), logLevel: "error", base: "/trained/", build });
    const script = `new Promise((done) => {
      const [start, status] = [document.getElementById("start"), document.getElementById("status")];
      const ask = () => (start.disabled || !status.value ? setTimeout(ask, 10) : done(status.value));
      start.click();
      ask();
    })`;
    expect(await said(readFileSync(at("trained/index.html"), "utf8"), script)).toBe("trained");
  });

  test("built by esbuild, which has to be told of the workers", async () => {
    const entryPoints = [at("page.js"), at("pool.js")];
    await esbuild({ entryPoints, bundle: true, minify: true, splitting: true, format: "esm", outdir: at("esbuild"), logLevel: "error" });
    expect(await page("esbuild/page.js")).toEqual(answer);
    const script = '<script>globalThis.workerScript = "/node_modules/lovasz/dist/worker.js"</script>';
    expect(await said(`${script}<script type="module" src="esbuild/pool.js"></script>`, WAIT)).toEqual(pooled);
  });

  test("built by webpack, which finds the workers", async () => {
    const output = { path: at("webpack"), filename: "[name].js", publicPath: "/webpack/", clean: true };
    const entry = { page: "./page.js", pool: "./pool.js" };
    const config: webpack.Configuration = { mode: "production", context: stranger.folder, entry, output, plugins: [sparingLargest] };
    const built = await new Promise<webpack.Stats>((done, fail) => {
      webpack(config, (error, stats) => (stats && !stats.hasErrors() ? done(stats) : fail(error ?? new Error(stats?.toString()))));
    });
    // nothing is loaded later, either
    const { chunks } = built.toJson({ chunks: true, ids: true });
    expect(chunks?.filter(({ runtime }) => runtime?.includes("page")).map(({ files }) => files)).toEqual([["page.js"]]);
    expect(await page("webpack/page.js")).toEqual(answer);
    expect(await page("webpack/pool.js")).toEqual(pooled);
  });

  test("not built at all", async () => {
    const map = '<script type="importmap">{ "imports": { "lovasz": "./node_modules/lovasz/dist/index.js" } }</script>';
    expect(await said(`${map}<script type="module" src="page.js"></script>`, WAIT)).toEqual(answer);
    expect(await said(`${map}<script type="module" src="pool.js"></script>`, WAIT)).toEqual(pooled);
  });

  test("not built at all, as README shows it, from a server of packages", async () => {
    const [, html] = /```html\n([\s\S]*?)```/.exec(readFileSync("README.md", "utf8")) ?? [];
    const address = `https://cdn.jsdelivr.net/npm/lovasz@${version}/`;
    expect(html).toContain(address);
    const [, printed] = /^It shows `([^`]+)`/m.exec(readFileSync("README.md", "utf8")) ?? [];
    const script = `new Promise((done) => {
      const ask = () => (document.getElementById("out").value ? done(document.getElementById("out").value) : setTimeout(ask, 10));
      ask();
    })`;
    expect(await said(String(html).replace(address, "./node_modules/lovasz/"), script)).toBe(printed);
  });

  test("in a worker and a service worker", async () => {
    const entryPoints = [at("worker.js"), at("service.js")];
    await esbuild({ entryPoints, bundle: true, format: "esm", outdir: at("workers"), logLevel: "error" });
    const worker = 'new Promise((done) => { new Worker("workers/worker.js", { type: "module" }).onmessage = ({ data }) => done(data); })';
    expect(await said("", worker)).toEqual(answer);
    const service = `navigator.serviceWorker.register("workers/service.js", { type: "module" }).then(async (registration) => {
      const active = () => registration.active ?? new Promise((done) => setTimeout(() => done(active()), 10));
      const reply = new Promise((done) => navigator.serviceWorker.addEventListener("message", ({ data }) => done(data)));
      navigator.serviceWorker.startMessages();
      (await active()).postMessage(null);
      return reply;
    })`;
    expect(await said("", service)).toEqual(answer);
  });
});

// A bundler finds the workers: a page built with Vite, as it comes, computes on threads.
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lovaszHinge, valueAndGrad } from "../../src/index.js";
import { describeBrowser, openBrowser, serve } from "../helpers/browser.js";

const page = `
  import { lovaszHinge, openDevice } from "lovasz";
  globalThis.compute = async () => {
    const device = await openDevice("threads", { workers: 2, least: 0 });
    const { value } = await device.valueAndGrad(lovaszHinge, Float32Array.of(0.5, -1, 2, 0.25), [0, 1, 1, 0], { shape: [2, 2] });
    const { info } = device;
    await device.close();
    return { value, info };
  };`;

describeBrowser("a page that Vite has built", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lovasz-vite-"));
    await writeFile(join(folder, "index.html"), '<!doctype html><script type="module" src="./page.js"></script>');
    await writeFile(join(folder, "page.js"), page);
    const dist = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
    await build({ root: folder, logLevel: "error", configFile: false, resolve: { alias: { lovasz: dist } } });
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("computes on threads, whose script is a file of its own", async () => {
    const files = await readdir(join(folder, "dist/assets"));
    expect(files.filter((file) => /^worker-.*\.js$/.test(file))).toHaveLength(1);
    const site = await serve({ "/": pathToFileURL(`${folder}/dist/`) });
    const browser = await openBrowser();
    const tab = await browser.newPage();
    await tab.goto(`${site.url}index.html`);
    await tab.waitForFunction("globalThis.compute");
    const { value } = valueAndGrad(lovaszHinge)(Float32Array.of(0.5, -1, 2, 0.25), [0, 1, 1, 0], { shape: [2, 2] });
    expect(await tab.evaluate("compute()")).toMatchObject({ value, info: { runsOn: "Web Workers", workers: 2 } });
    await browser.close();
    await site.close();
  });
});

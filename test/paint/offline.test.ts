// The built page under its service worker, in a subfolder of a site.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { serviceWorker } from "../../rollup.config.mjs";
import { answering } from "../../src/cli/paint/answer.js";
import { listen } from "../../src/cli/paint/listen.js";
import { readPage } from "../../src/cli/paint/readPage.js";
import { strings } from "../../src/paint/strings.js";
import { temporaryFolder } from "../cli/helpers/files.js";
import { describeBrowser, openSite } from "../helpers/browser.js";

const built = fileURLToPath(new URL("../../dist/paint/", import.meta.url));
const isBuilt = existsSync(join(built, "sw.js"));
if (!isBuilt) console.warn("skipped: dist/paint/sw.js is missing; npm run build makes it");

type Page = Awaited<ReturnType<typeof openSite>>["page"];

/** Resolves once the service worker of the page is in the state `state`. */
const registered = (page: Page, state: "active" | "waiting") =>
  expect
    .poll(
      () =>
        page.evaluate(async (state) => {
          const { serviceWorker } = navigator;
          const registration = await serviceWorker.register("sw.js", { scope: "./", updateViaCache: "none" });
          return registration[state]?.state ?? null;
        }, state),
      { timeout: 20_000 },
    )
    .toMatch(/activated|installed/);

/** A site whose subfolder holds the built page; `change` makes it another version. */
async function open(changed: Record<string, string> = {}) {
  const folder = temporaryFolder();
  cpSync(built, folder, { recursive: true });
  const change = async (files: Record<string, string>) => {
    for (const name of Object.keys(files)) writeFileSync(join(folder, name), files[name]);
    const names = readdirSync(folder).filter((name) => name !== "sw.js" && name !== "licences.txt");
    const contents = names.map((name) => [name, readFileSync(join(folder, name))] as const);
    writeFileSync(join(folder, "sw.js"), await serviceWorker(Object.fromEntries(contents)));
  };
  await change(changed);
  const site = await openSite({ "/some/folder/": pathToFileURL(`${folder}/`) }, "some/folder/");
  return { ...site, folder, change };
}

const textOf = (page: Page, name: string) =>
  page.evaluate(
    (name) =>
      new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = name;
        script.onload = () => resolve(document.documentElement.dataset.version);
        script.onerror = () => resolve("none");
        document.head.append(script);
      }),
    name,
  );

const version = (name: string) => ({
  "version.js": `document.documentElement.dataset.version = "${name}"`,
  "index.html": `<!doctype html><title>${name}</title>`,
});

describe.skipIf(!isBuilt)("dist/paint", () => {
  test("takes at most 250 kB, compressed", () => {
    const sizes = readdirSync(built).map((name) => [name, gzipSync(readFileSync(join(built, name))).length] as const);
    const sum = sizes.reduce((sum, [, size]) => sum + size, 0);
    console.info(`dist/paint: ${(sum / 1000).toFixed(1)} kB compressed; ${sizes.map(([name, size]) => `${name} ${size}`).join(", ")}`);
    expect(sum).toBeLessThanOrEqual(250_000);
  });
});

describeBrowser("the page, once it was loaded", () => {
  test.skipIf(!isBuilt)("is there without its server, in a subfolder, with all of its files", async () => {
    const { page, closeServer, close } = await open();
    await registered(page, "active");
    const text = await page.evaluate("document.head.innerHTML");
    await closeServer();
    await page.reload();
    expect(await page.evaluate("document.head.innerHTML")).toBe(text);
    const names = readdirSync(built).filter((name) => !["sw.js", "licences.txt"].includes(name));
    const got = await page.evaluate(
      (names) => Promise.all(names.map((name) => caches.match(name === "index.html" ? "./" : name).then((kept) => kept?.text()))),
      names,
    );
    expect(got).toEqual(names.map((name) => readFileSync(join(built, name), "utf8")));
    await page.goto(`${page.url()}?some=query#hash`);
    expect(await page.title()).toBe("Paint");
    await close();
  });

  test.skipIf(!isBuilt)("is isolated on a host without headers, and its workers are under the policy", async () => {
    const { page, close } = await open();
    expect(await page.evaluate("crossOriginIsolated")).toBe(false);
    await page.getByText(strings.learning.reload).waitFor();
    await page.reload();
    expect(await page.evaluate("crossOriginIsolated")).toBe(true);
    await expect.poll(() => page.workers().some((worker) => worker.url().endsWith("learner.js")), { timeout: 20_000 }).toBe(true);
    const learner = page.workers().find((worker) => worker.url().endsWith("learner.js"));
    const refused = "fetch('index.html').then(() => 'sent', (error) => error.name)";
    expect(await learner?.evaluate(refused)).toBe("TypeError");
    expect(await learner?.evaluate("crossOriginIsolated")).toBe(true);
    await close();
  });

  test("is all of one version: of the new one once no page of the old one is open", async () => {
    const { page, change, close } = await open(version("old"));
    await registered(page, "active");
    await page.reload();
    await change(version("new"));
    await registered(page, "waiting");
    await page.reload();
    expect([await page.title(), await textOf(page, "version.js")]).toEqual(["old", "old"]);
    const [address, context] = [page.url(), page.context()];
    await page.goto("about:blank");
    await expect
      .poll(async () => {
        const next = await context.newPage();
        await next.goto(address);
        const seen = [await next.title(), await textOf(next, "version.js"), await next.evaluate(async () => (await caches.keys()).length)];
        await next.close();
        return seen;
      })
      .toEqual(["new", "new", 1]);
    await close();
  });

  test("keeps nothing of a version that is only partly there", async () => {
    const { page, folder, change, close, closeServer } = await open(version("old"));
    await registered(page, "active");
    await change(version("new"));
    // a host that is just being updated
    writeFileSync(join(folder, "version.js"), version("old")["version.js"]);
    const outcome = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.register("sw.js", { scope: "./", updateViaCache: "none" });
      await registration.update().catch(() => {});
      const { installing } = registration;
      await new Promise((resolve) => installing?.addEventListener("statechange", resolve));
      return installing?.state;
    });
    expect(outcome).toBe("redundant");
    await closeServer();
    await page.reload();
    expect([await page.title(), await textOf(page, "version.js")]).toEqual(["old", "old"]);
    await close();
  });

  test.skipIf(!isBuilt)("shows the pictures that lovasz paint serves now, and keeps its isolation without a server", async () => {
    const start = async (port: number, addresses: string[]) => (await listen(port, answering(await readPage(addresses), new Map())))!;
    const first = await start(0, ["data/first.png"]);
    const { page, close } = await openSite({ "/": new URL("../helpers/pages/", import.meta.url) }, "");
    const data = () => page.evaluate("document.getElementById('data')?.textContent ?? null");
    const address = `http://127.0.0.1:${first.port}/`;
    await page.goto(address);
    await registered(page, "active");
    await first.close();
    const second = await start(first.port, ["data/second.png"]);
    await page.goto(address);
    expect(await data()).toBe('["data/second.png"]');
    expect(await page.evaluate("navigator.serviceWorker.controller !== null")).toBe(true);
    await second.close();
    await page.goto(address);
    expect(await data()).toBe(null);
    expect(await page.evaluate("crossOriginIsolated")).toBe(true);
    await close();
  });
});

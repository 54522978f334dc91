// The page of the site that measures speed in a browser.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { buildBench } from "../../docs/site/buildBench.mjs";
import { temporaryFolder } from "../cli/helpers/files.js";
import { describeBrowser, openSite } from "../helpers/browser.js";

describeBrowser("the page that measures speed", () => {
  test("times this package and others, finds that they agree, and gives a link that carries the numbers", {
    timeout: 120_000,
  }, async () => {
    const folder = join(temporaryFolder(), "bench");
    mkdirSync(folder);
    buildBench(folder);
    const { page, close } = await openSite({ "/bench/": pathToFileURL(`${folder}/`) }, "bench/index.html");
    for (const [name, isChosen] of [
      ["TensorFlow.js, wasm", true],
      ["lovasz, all threads", false],
      ["lovasz, GPU", false],
    ] as const) {
      await page.getByLabel(name).setChecked(isChosen);
    }
    await page.click("#measure");
    const status = () => page.textContent("#status");
    await expect.poll(status, { timeout: 100_000 }).toBe("Done. All of them find the same loss, to a thousandth.");
    const [hinge] = await page.locator("table").all();
    expect(await hinge.locator("td:first-child").allTextContents()).toEqual(["lovasz, 1 thread", "TensorFlow.js, wasm"]);
    for (const text of await hinge.locator("td.number").allTextContents()) expect(text).toMatch(/^[\d.]+ ms ± \d+ %$/);
    const numbers = await page.locator("#results").textContent();
    await page.goto((await page.locator("#link a").getAttribute("href")) as string);
    await page.reload();
    expect(await page.textContent("#about")).toMatch(/^Measured elsewhere, with /);
    expect(await page.locator("#results").textContent()).toBe(numbers);
    await close();
  });
});

// The page of `lovasz paint` in Firefox, where one is installed.

import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firefox } from "../helpers/firefox.mjs";
import { openFile, openFirefox, paintBoth, predictedOf, servePaint, stateOf } from "../helpers/paint.mjs";

const PATIENCE = { timeout: 40_000 };
const SAMPLE = fileURLToPath(new URL("../../src/paint/static/sample.png", import.meta.url));

describe.skipIf(!firefox)("the page to paint on, in Firefox", () => {
  let site: Awaited<ReturnType<typeof servePaint>>;
  let browser: Awaited<ReturnType<typeof openFirefox>>;
  beforeAll(async () => {
    [site, browser] = [await servePaint(), await openFirefox(firefox as string)];
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test("learns from strokes on a picture of a person's own, and keeps them through a reload", async () => {
    const page = await browser.newPage();
    const until = (holds: (state: Awaited<ReturnType<typeof stateOf>>) => unknown) =>
      expect.poll(async () => Boolean(holds(await stateOf(page))), PATIENCE).toBe(true);
    await page.goto(`${site.url}paint/index.html`);
    await until(({ hasOverlay }) => hasOverlay);
    await openFile(page, SAMPLE);
    // of the same name, but without strokes
    await until(({ pictures, size }) => size && pictures.length === 1 && pictures[0].painted === 0);
    await paintBoth(page);
    await until(({ hasOverlay }) => hasOverlay);
    await expect
      .poll(async () => {
        const labels = await predictedOf(page);
        return labels && [labels[39 * 256 + 212], labels[150 * 256 + 40]];
      }, PATIENCE)
      .toEqual([1, 0]);
    const { pictures } = await stateOf(page);
    await new Promise((done) => setTimeout(done, 1000));
    await page.reload();
    await until(({ hasOverlay }) => hasOverlay);
    expect((await stateOf(page)).pictures).toEqual(pictures);
  });
});

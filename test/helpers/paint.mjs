// The page of `lovasz paint` in a real browser, for tests and benches: opened, painted on by real pointer events, and read.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { serve } from "./serve.mjs";

/** @typedef {import("playwright-core").Page | import("puppeteer-core").Page} Page of Chromium or of Firefox */

const root = new URL("../../", import.meta.url);
const folder = new URL("dist/paint/", root);

/** The policy that index.html states, as the header that `lovasz paint` sends. */
export const POLICY = /content="(default-src[^"]*)"/.exec(readFileSync(new URL("src/paint/static/index.html", root), "utf8"))?.[1] ?? "";

/** Serves the page as `lovasz paint` does; with `isolated: false` as a static host without its headers. The caller closes it. */
export function servePaint({ isolated = true } = {}) {
  const headers = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Content-Security-Policy": POLICY,
  };
  return serve({ "/paint/": folder }, isolated ? headers : {});
}

/**
 * A headless Firefox, the one at `executablePath`, driven by WebDriver BiDi: Playwright drives a Firefox of its own only. The caller closes it.
 * @param {string} executablePath
 */
export function openFirefox(executablePath) {
  const args = ["--width=1280", "--height=900"];
  return puppeteer.launch({ browser: "firefox", executablePath, headless: true, defaultViewport: null, args });
}

/** Opens the picture at `path`. @param {Page} page @param {string} path */
export async function openFile(page, path) {
  const input = await page.$('input[accept="image/*"]');
  if (!input) throw new Error("the page has no input for pictures");
  if ("setInputFiles" in input) await input.setInputFiles(path);
  else await /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (input).uploadFile(path);
}

/** What the page knows of its project. @param {Page} page */
export function stateOf(page) {
  return page.evaluate(() => {
    // @ts-expect-error: the page has it
    const { project } = globalThis;
    const shown = project.shown.value;
    const content = shown?.content.value;
    return {
      pictures: project.pictures.value.map((/** @type {any} */ one) => ({
        name: one.name,
        broken: one.broken.value,
        painted: one.painted.value,
      })),
      classes: project.classes.value.map((/** @type {any} */ one) => one.name),
      progress: project.progress.value,
      threads: project.threads.value,
      notice: project.notice.value,
      size: content ? { width: content.strokes.width, height: content.strokes.height } : null,
      hasOverlay: Boolean(content?.predicted.lovasz.labels),
    };
  });
}

/**
 * The labels that the network predicts of the picture that is shown, without the mark of unsure regions; null before the first.
 * @param {Page} page
 * @returns {Promise<Uint8Array | null>}
 */
export async function predictedOf(page) {
  const labels = await page.evaluate(() => {
    // @ts-expect-error: the page has it
    const predicted = globalThis.project.shown.value?.content.value?.predicted.lovasz.labels;
    return predicted ? Array.from(predicted, (/** @type {number} */ label) => label & 127) : null;
  });
  return labels && Uint8Array.from(labels);
}

/** Where pixel (x, y) of the picture lies on the page, if it is shown as a whole. @param {Page} page @param {number} x @param {number} y */
export async function pointOf(page, x, y) {
  const canvas = /** @type {import("playwright-core").ElementHandle | null} */ (await page.$("main canvas"));
  const box = await canvas?.boundingBox();
  const { size } = await stateOf(page);
  if (!box || !size) throw new Error("no picture is shown");
  const scale = Math.min(16, box.width / size.width, box.height / size.height);
  return {
    x: box.x + (box.width - scale * size.width) / 2 + scale * x,
    y: box.y + (box.height - scale * size.height) / 2 + scale * y,
  };
}

/** Draws strokes of two classes, by which the sample can be told. @param {Page} page */
export async function paintBoth(page) {
  await draw(page, [
    [52, 80],
    [58, 86],
  ]);
  await page.keyboard.press("1");
  await draw(page, [
    [20, 140],
    [60, 180],
    [140, 200],
  ]);
}

/** Draws a stroke through `points`, pixels of the picture, by the mouse. @param {Page} page @param {readonly (readonly [number, number])[]} points */
export async function draw(page, points) {
  const [first, ...others] = await Promise.all(points.map(([x, y]) => pointOf(page, x, y)));
  await page.mouse.move(first.x, first.y);
  await page.mouse.down();
  for (const { x, y } of others) await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.up();
}

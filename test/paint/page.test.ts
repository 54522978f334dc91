// The page of `lovasz paint` in a real Chromium, by real pointer events and a real worker.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { decode } from "fast-png";
import { unzipSync, zipSync } from "fflate";
import { env, InferenceSession, Tensor } from "onnxruntime-web";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nn } from "../../src/index.js";
import { loadNetwork, predict, saveNetwork } from "../../src/model/index.js";
import { strings } from "../../src/paint/strings.js";
import { call } from "../cli/helpers/call.js";
import { temporaryFolder } from "../cli/helpers/files.js";
import { NoBrowser, openBrowser } from "../helpers/chromium.mjs";
import { draw, paintBoth, pointOf, predictedOf, servePaint, stateOf } from "../helpers/paint.mjs";

const browser = await openBrowser().catch((error) => {
  if (!(error instanceof NoBrowser)) throw error;
  console.warn(`skipped: no browser can be started here: ${error.message}`);
  return null;
});
env.wasm.numThreads = 1;
const PATIENCE = { timeout: 40_000 };
const SAMPLE = readFileSync(new URL("../../src/paint/static/sample.png", import.meta.url));

let site: Awaited<ReturnType<typeof servePaint>>;
beforeAll(async () => {
  site = await servePaint();
});
afterAll(async () => {
  await browser?.close();
  await site.close();
});

const until = (page: Page, holds: (state: Awaited<ReturnType<typeof stateOf>>) => unknown) =>
  expect.poll(async () => Boolean(holds(await stateOf(page))), PATIENCE).toBe(true);

/** A page in a browser profile of its own. */
async function openPaint(options: Parameters<NonNullable<typeof browser>["newContext"]>[0] = {}, url = site.url) {
  const context = await browser!.newContext({ locale: "en-US", viewport: { width: 1100, height: 700 }, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(`${url}paint/index.html`);
  return { page, context, errors };
}

const files = (page: Page) => page.locator('input[accept="image/*"]');
const others = (page: Page) => page.locator('input[accept=".zip,.safetensors"]');

/** Fingers and a pen on the page: pointers that Playwright has no calls for. */
async function hands(page: Page) {
  const session = await page.context().newCDPSession(page);
  return {
    touch: (type: "touchStart" | "touchMove" | "touchEnd", ...touchPoints: { x: number; y: number; id: number }[]) =>
      session.send("Input.dispatchTouchEvent", { type, touchPoints }),
    pen: (type: "mousePressed" | "mouseMoved" | "mouseReleased", { x, y }: { x: number; y: number }) =>
      session.send("Input.dispatchMouseEvent", { type, x, y, button: "left", buttons: 1, clickCount: 1, pointerType: "pen", force: 0.5 }),
  };
}

/** A closed outline. */
const RING = [
  [100, 100],
  [150, 100],
  [150, 150],
  [100, 150],
  [100, 100],
] as const;

/** A network of two classes that knows nothing. */
function model(): Buffer {
  const network = new nn.UNet({ width: 4, levels: 2, norm: "group", seed: 5 });
  const bytes = Buffer.from(saveNetwork({ network, classes: null }));
  network.dispose();
  return bytes;
}

/** Has the worker die by what it runs, and waits until another was started. */
async function killLearner(page: Page, script: string) {
  const learner = page.workers().find((worker) => worker.url().endsWith("learner.js"));
  await learner?.evaluate(script);
  await until(page, ({ notice }) => notice === strings.worker.restarted);
}

/** Clicks the button `name`, and says yes to what is asked, `question`. */
async function clicked(page: Page, name: string, question: string) {
  page.once("dialog", (dialog) => {
    expect(dialog.message()).toBe(question);
    return dialog.accept();
  });
  await page.getByRole("button", { name }).click();
}

/** Has the worker that is there die, if any, and returns what the page says. */
async function killed(page: Page) {
  const learner = page
    .workers()
    .filter((worker) => worker.url().endsWith("learner.js"))
    .at(-1);
  // it may be gone by now
  await learner?.evaluate("void setTimeout(() => { throw new Error('a fault'); })").catch(() => {});
  return (await stateOf(page)).notice;
}

/** Saves by the menu's button `name` into `folder`, and returns the path. */
async function save(page: Page, name: string, folder: string): Promise<string> {
  const download = page.waitForEvent("download", PATIENCE);
  await page.locator("summary").click();
  await page.getByRole("button", { name }).click();
  const path = join(folder, (await download).suggestedFilename());
  await (await download).saveAs(path);
  return path;
}

/** A page with one picture of a person's own, on which nothing is painted. */
async function openPicture(options?: Parameters<typeof openPaint>[0], url?: string) {
  const opened = await openPaint(options, url);
  await files(opened.page).setInputFiles({ name: "mine.png", mimeType: "image/png", buffer: SAMPLE });
  await until(opened.page, ({ pictures, size }) => size && pictures.length === 1 && pictures[0].name === "mine.png");
  return opened;
}

const strokesOf = (page: Page): Promise<number[]> =>
  // @ts-expect-error: the page has it
  page.evaluate(() => Array.from(globalThis.project.shown.value.content.value.strokes.labels));

describe.skipIf(!browser)("the page to paint on", () => {
  test("shows a newcomer a sample that is painted and learned, without an error under its own policy", async () => {
    const { page, context, errors } = await openPaint();
    await until(page, ({ hasOverlay }) => hasOverlay);
    expect(await page.locator(".hint").textContent()).toBe(strings.hint.sample);
    const { pictures, threads } = await stateOf(page);
    expect(pictures).toMatchObject([{ name: "sample.png", broken: null }]);
    expect(threads).toBeGreaterThanOrEqual(1);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("says what to do next, learns from two strokes, and takes strokes back and again", async () => {
    const { page, context } = await openPicture();
    const hint = page.locator(".hint");
    expect(await hint.textContent()).toBe(strings.hint.first("object"));
    await draw(page, [
      [52, 80],
      [58, 86],
    ]);
    expect(await hint.textContent()).toBe(strings.hint.second("background"));
    await page.keyboard.press("1");
    await draw(page, [
      [20, 140],
      [140, 200],
    ]);
    await until(page, ({ hasOverlay }) => hasOverlay);
    expect(await hint.textContent()).toBe(strings.hint.correct);
    // pixel (55, 83) lies in a nucleus that was painted, (220, 40) in one that was not, (10, 230) in the background
    await expect
      .poll(async () => {
        const labels = await predictedOf(page);
        return labels && [labels[39 * 256 + 212], labels[150 * 256 + 40]];
      }, PATIENCE)
      .toEqual([1, 0]);
    const painted = await strokesOf(page);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    expect(new Set(await strokesOf(page))).toEqual(new Set([255]));
    await page.keyboard.press("Control+y");
    await page.keyboard.press("Control+y");
    expect(await strokesOf(page)).toEqual(painted);
    await context.close();
  });

  test("erases, fills a closed outline, and says of one that is open that it is", async () => {
    const { page, context } = await openPicture();
    await draw(page, [
      [100, 100],
      [140, 100],
      [140, 140],
      [100, 140],
      [100, 100],
    ]);
    await page.keyboard.press("f");
    const inside = await pointOf(page, 120, 120);
    await page.mouse.click(inside.x, inside.y);
    expect((await strokesOf(page))[120 * 256 + 120]).toBe(1);
    await page.keyboard.press("e");
    await draw(page, [
      [120, 90],
      [120, 150],
    ]);
    const erased = await strokesOf(page);
    expect([erased[120 * 256 + 120], erased[120 * 256 + 110]]).toEqual([255, 1]);
    await page.keyboard.press("f");
    const outside = await pointOf(page, 20, 20);
    await page.mouse.click(outside.x, outside.y);
    expect(await page.locator(".notice").textContent()).toContain(strings.notClosed);
    expect(await strokesOf(page)).toEqual(erased);
    await context.close();
  });

  test("two fingers move and enlarge, and never paint; space drags", async () => {
    const { page, context } = await openPicture({ hasTouch: true });
    const { touch } = await hands(page);
    const [a, b] = [await pointOf(page, 100, 100), await pointOf(page, 150, 150)];
    await touch("touchStart", { ...a, id: 1 });
    await touch("touchMove", { x: a.x + 9, y: a.y, id: 1 });
    expect(new Set(await strokesOf(page))).toContain(1);
    await touch("touchStart", { x: a.x + 9, y: a.y, id: 1 }, { ...b, id: 2 });
    for (let i = 1; i <= 5; i++) await touch("touchMove", { x: a.x - 9 * i, y: a.y, id: 1 }, { x: b.x + 9 * i, y: b.y, id: 2 });
    await touch("touchEnd");
    expect(new Set(await strokesOf(page))).toEqual(new Set([255]));
    await page.keyboard.down(" ");
    await page.mouse.move(a.x, a.y);
    await page.mouse.down();
    await page.mouse.move(a.x + 50, a.y + 50);
    await page.mouse.up();
    await page.keyboard.up(" ");
    expect(new Set(await strokesOf(page))).toEqual(new Set([255]));
    // one finger paints again
    await touch("touchStart", { ...a, id: 3 });
    await touch("touchEnd");
    expect(new Set(await strokesOf(page))).toContain(1);
    await context.close();
  });

  test("a pen paints, whatever the hand touches that rests on the screen", async () => {
    const { page, context } = await openPicture({ hasTouch: true });
    const { touch, pen } = await hands(page);
    const [a, b, palm] = [await pointOf(page, 60, 60), await pointOf(page, 90, 60), await pointOf(page, 60, 200)];
    // the hand lies there before the pen does
    await touch("touchStart", { ...palm, id: 1 });
    await pen("mousePressed", a);
    for (let i = 1; i <= 6; i++) await touch("touchMove", { x: palm.x + 8 * i, y: palm.y, id: 1 });
    await pen("mouseMoved", b);
    await touch("touchEnd");
    await touch("touchStart", { ...palm, id: 2 });
    await pen("mouseReleased", b);
    await touch("touchEnd");
    const painted = (await strokesOf(page)).flatMap((label, i) => (label === 255 ? [] : [[i % 256, Math.floor(i / 256)]]));
    expect(painted).toContainEqual([75, 60]);
    expect(painted.filter(([, y]) => Math.abs(y - 60) > 6)).toEqual([]);
    await context.close();
  });

  test("a stroke stays on its picture, whatever is shown or deleted before it ends", async () => {
    const { page, context } = await openPicture();
    await files(page).setInputFiles({ name: "other.png", mimeType: "image/png", buffer: SAMPLE });
    await until(page, ({ pictures }) => pictures.length === 2);
    const begin = async () => {
      const [from, to] = [await pointOf(page, 60, 60), await pointOf(page, 90, 60)];
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 3 });
      return to;
    };
    const painted = async () => (await stateOf(page)).pictures.map((one: { painted: number }) => one.painted > 0);
    const end = async ({ x, y }: { x: number; y: number }) => {
      await page.mouse.move(x, y + 40, { steps: 3 });
      await page.mouse.up();
    };
    const to = await begin();
    await page.keyboard.press("n");
    await end(to);
    expect(await painted()).toEqual([false, true]);
    expect(await strokesOf(page)).not.toContain(1);
    await page.keyboard.press("Control+z");
    expect(await painted()).toEqual([false, false]);
    // the class goes, and the stroke with it
    await page.getByRole("button", { name: strings.classes.add }).click();
    const at = await begin();
    // @ts-expect-error: the page has it
    await page.evaluate(() => globalThis.project.removeClass(2));
    await end(at);
    expect(await painted()).toEqual([false, false]);
    expect(new Set(await strokesOf(page))).toEqual(new Set([255]));
    await context.close();
  });

  test("what a pointer begins stays in its picture and its pane", async () => {
    const { page, context } = await openPicture();
    const columns = async () => new Set((await strokesOf(page)).flatMap((label, i) => (label === 255 ? [] : [i % 256])));
    const drag = async (from: { x: number; y: number }, x: number) => {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(x, from.y, { steps: 12 });
      await page.mouse.up();
    };
    const box = (await page.locator("main canvas").boundingBox())!;
    await drag(await pointOf(page, 200, 100), box.x + box.width + 60);
    expect(Math.min(...(await columns()))).toBeGreaterThan(190);
    await page.keyboard.press("Control+z");
    await page.getByText(strings.learning.compare).click();
    // from the left of the two panes far into the right one
    await drag({ x: box.x + box.width / 2 - 20, y: box.y + box.height / 2 }, box.x + 0.7 * box.width);
    const painted = await columns();
    expect(Math.min(...painted)).toBeGreaterThan(128);
    await context.close();
  });

  test("two fingers never fill, and enlarge with the hand, too", async () => {
    const { page, context } = await openPicture({ hasTouch: true });
    const { touch } = await hands(page);
    await draw(page, RING);
    const before = await strokesOf(page);
    const [a, b] = [await pointOf(page, 112, 112), await pointOf(page, 138, 138)];
    const pinch = async () => {
      await touch("touchStart", { ...a, id: 1 });
      await touch("touchStart", { ...a, id: 1 }, { ...b, id: 2 });
      for (let i = 1; i <= 5; i++) await touch("touchMove", { x: a.x - 9 * i, y: a.y, id: 1 }, { x: b.x + 9 * i, y: b.y, id: 2 });
      await touch("touchEnd");
    };
    await page.keyboard.press("f");
    await pinch();
    expect(await strokesOf(page)).toEqual(before);
    await page.keyboard.press("0");
    await page.keyboard.press("h");
    await pinch();
    await page.keyboard.press("b");
    // enlarged, the same two points of the screen lie nearer to each other on the picture
    for (const [id, x] of [
      [3, 40],
      [4, 220],
    ] as const) {
      await touch("touchStart", { ...(await pointOf(page, x, 200)), id });
      await touch("touchEnd");
    }
    const own = (await strokesOf(page)).flatMap((label, i) => (label === before[i] ? [] : [i % 256]));
    expect(Math.max(...own) - Math.min(...own)).toBeLessThan(150);
    await context.close();
  });

  test("classes keep what they stand for: the active one, the one that is chosen by a key, and sixteen by their colours", async () => {
    const { page, context } = await openPicture();
    const of = (script: string) => page.evaluate(script);
    // a name counts that was typed, without a key at its end
    await page.getByRole("textbox", { name: strings.classes.name(2) }).fill("nucleus");
    await page.getByRole("button", { name: strings.classes.add }).click();
    expect((await stateOf(page)).classes).toEqual(["background", "nucleus", strings.classes.another(2)]);
    await of("project.addClass(), project.choose(2), project.removeClass(1)");
    expect(await of("project.classes.value[project.active.value].name")).toBe(strings.classes.another(2));
    await page.keyboard.press("e");
    await page.keyboard.press("1");
    expect(await of("[project.active.value, project.tool.value]")).toEqual([0, "brush"]);
    await of("for (let i = 0; i < 20; i++) project.addClass()");
    expect(await of("new Set(project.classes.value.map(({ colour }) => colour)).size")).toBe(16);
    await draw(page, RING);
    await page.keyboard.press("f");
    const { x, y } = await pointOf(page, RING[0][0], RING[0][1]);
    await page.mouse.click(x, y);
    expect((await stateOf(page)).notice).toBe(strings.alreadyFilled((await of("project.classes.value[15].name")) as string));
    expect(await of("new Set(project.classes.value.map(({ name }) => name)).size")).toBe(16);
    await context.close();
  });

  test("classes are added, renamed, recoloured and deleted, and their strokes with them", async () => {
    const { page, context } = await openPicture();
    await paintBoth(page);
    await page.getByRole("button", { name: strings.classes.add }).click();
    await draw(page, [
      [200, 200],
      [210, 210],
    ]);
    await until(page, ({ hasOverlay, progress }) => hasOverlay && progress);
    const name = page.getByRole("textbox", { name: strings.classes.name(3) });
    await name.fill("rim");
    await name.press("Enter");
    expect((await stateOf(page)).classes).toEqual(["background", "object", "rim"]);
    expect(new Set(await strokesOf(page))).toEqual(new Set([0, 1, 2, 255]));
    await clicked(page, strings.classes.remove("object"), strings.classes.sure("object"));
    expect((await stateOf(page)).classes).toEqual(["background", "rim"]);
    expect(new Set(await strokesOf(page))).toEqual(new Set([0, 1, 255]));
    // an overlay of three classes may still be under way
    await expect.poll(async () => (await predictedOf(page))?.every((label) => label < 2), PATIENCE).toBe(true);
    await context.close();
  });

  test("a reload in the middle of learning loses nothing", async () => {
    const { page, context } = await openPicture();
    await paintBoth(page);
    await page.getByRole("textbox", { name: strings.classes.name(2) }).fill("nucleus");
    await page.keyboard.press("Enter");
    await until(page, ({ hasOverlay }) => hasOverlay);
    const painted = await strokesOf(page);
    // what is written is written soon
    await page.waitForTimeout(1000);
    await page.reload();
    await until(page, ({ hasOverlay }) => hasOverlay);
    expect(await stateOf(page)).toMatchObject({ classes: ["background", "nucleus"], pictures: [{ name: "mine.png" }] });
    expect(await strokesOf(page)).toEqual(painted);
    expect(await page.locator(".notice").textContent()).toContain(strings.storage.restored);
    await context.close();
  });

  test("a worker that dies is started again, with strokes and network", async () => {
    const { page, context } = await openPicture();
    await paintBoth(page);
    await until(page, ({ hasOverlay }) => hasOverlay);
    // without a word, which is noticed only after some seconds
    await killLearner(page, "self.close()");
    await until(page, ({ progress }) => progress && progress.steps > 0);
    await context.close();
  });

  test("a class that was added since the last network was kept is there after the worker died, and after a reload", async () => {
    const { page, context } = await openPicture({ acceptDownloads: true });
    await paintBoth(page);
    await until(page, ({ hasOverlay }) => hasOverlay);
    await page.keyboard.press("p");
    await until(page, ({ progress }) => progress && !progress.learning);
    await page.getByRole("button", { name: strings.classes.add }).click();
    const classes = async () => loadNetwork(readFileSync(await save(page, strings.files.safetensors, temporaryFolder()))).classes;
    await killLearner(page, "void setTimeout(() => { throw new Error('a fault'); })");
    expect(await classes()).toBe(3);
    await page.reload();
    await until(page, ({ notice }) => notice === strings.storage.restored);
    expect(await classes()).toBe(3);
    await context.close();
  });

  test("what was set up is there after a reload: a model, the brush, and classes without a picture", async () => {
    const { page, context } = await openPaint();
    const name = page.getByRole("textbox", { name: strings.classes.name(2) });
    await name.fill("nucleus");
    await name.press("Enter");
    await others(page).setInputFiles({ name: "two.safetensors", mimeType: "", buffer: model() });
    await until(page, ({ notice }) => notice === strings.files.loaded("two.safetensors"));
    // the sample is gone with what was learned of it, and the classes are there
    expect(await stateOf(page)).toMatchObject({ pictures: [], classes: ["background", "nucleus"] });
    await page.evaluate("project.setRadius(16)");
    await page.waitForTimeout(300);
    await page.reload();
    await until(page, ({ notice }) => notice === strings.storage.restored);
    expect(await stateOf(page)).toMatchObject({ pictures: [], classes: ["background", "nucleus"] });
    expect(await page.evaluate("project.radius.value")).toBe(16);
    await files(page).setInputFiles({ name: "mine.png", mimeType: "image/png", buffer: SAMPLE });
    await until(page, ({ hasOverlay }) => hasOverlay);
    expect((await stateOf(page)).progress?.steps ?? 0).toBe(0);
    await context.close();
  });

  test("files are opened one after the other: projects, also unpacked ones, and pictures beside them", async () => {
    const { page, context } = await openPicture({ acceptDownloads: true });
    await draw(page, RING);
    const folder = temporaryFolder();
    const zip = readFileSync(await save(page, strings.files.project, folder));
    page.on("dialog", (dialog) => dialog.accept());
    const project = { name: "project.zip", mimeType: "application/zip", buffer: zip };
    const other = { name: "other.png", mimeType: "image/png", buffer: SAMPLE };
    const names = async () => (await stateOf(page)).pictures.map(({ name }: { name: string }) => name);
    await others(page).setInputFiles([project]);
    await files(page).setInputFiles([other]);
    await expect.poll(names, PATIENCE).toEqual(["mine.png", "other.png"]);
    await files(page).setInputFiles([project, other]);
    await until(page, ({ notice }) => notice === strings.files.opened("project.zip"));
    await expect.poll(names, PATIENCE).toEqual(["mine.png", "other.png"]);
    await files(page).setInputFiles([project, { ...project, name: "again.zip" }]);
    await until(page, ({ notice }) => notice === strings.files.oneAtATime("project.zip, again.zip"));
    expect(await names()).toEqual(["mine.png", "other.png"]);
    await files(page).setInputFiles([other, { name: "a.txt", mimeType: "text/plain", buffer: zip }]);
    await until(page, ({ notice }) => notice === strings.pictures.leftOut(1));
    const unpacked = join(folder, "unpacked");
    for (const [path, bytes] of Object.entries(unzipSync(zip))) {
      mkdirSync(dirname(join(unpacked, path)), { recursive: true });
      writeFileSync(join(unpacked, path), bytes);
    }
    await page.locator("input[webkitdirectory]").setInputFiles(unpacked);
    await until(page, ({ notice, size }) => size && notice === strings.files.opened("unpacked"));
    expect(await names()).toEqual(["mine.png"]);
    expect(new Set(await strokesOf(page))).toEqual(new Set([1, 255]));
    await context.close();
  });

  test("strokes can be saved whatever has become of the network, and never with classes that have changed meanwhile", async () => {
    const { page, context } = await openPicture({ acceptDownloads: true });
    await paintBoth(page);
    await until(page, ({ hasOverlay, progress }) => hasOverlay && progress && progress.steps > 30);
    const folder = temporaryFolder();
    await expect.poll(() => killed(page), { ...PATIENCE, interval: 300 }).toBe(strings.worker.dead);
    const whole = unzipSync(readFileSync(await save(page, strings.files.project, folder)));
    expect(Object.keys(whole)).toEqual(expect.arrayContaining(["network.onnx", "masks/mine.png"]));
    expect((await stateOf(page)).notice).toBe(strings.files.done("painted.zip"));
    // paused, both networks wait to begin anew
    await page.getByText(strings.learning.compare).click();
    const strokes = unzipSync(readFileSync(await save(page, strings.files.project, folder)));
    expect(Object.keys(strokes)).not.toContain("masks/mine.png");
    expect(Object.keys(strokes)).toContain("strokes/mine.png");
    await page.evaluate("project.addClass()");
    await page.locator("summary").click();
    await page.evaluate(async (name) => {
      const button = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === name);
      button?.click();
      await new Promise((resolve) => setTimeout(resolve));
      // @ts-expect-error: the page has it
      globalThis.project.removeClass(1);
    }, strings.files.project);
    await until(page, ({ notice }) => notice === strings.files.failed(strings.files.changed));
    await context.close();
  });

  test("a class that is deleted while nobody learns is missing in the network, and no other", async () => {
    const { page, context } = await openPicture({ acceptDownloads: true });
    await paintBoth(page);
    await page.getByRole("button", { name: strings.classes.add }).click();
    await draw(page, [
      [200, 200],
      [215, 215],
    ]);
    await until(page, ({ progress }) => progress && progress.steps > 60);
    await page.keyboard.press("p");
    await until(page, ({ progress }) => progress && !progress.learning);
    const before = (await predictedOf(page))!;
    await expect.poll(() => killed(page), { ...PATIENCE, interval: 300 }).toBe(strings.worker.dead);
    await page.evaluate("project.removeClass(1)");
    const network = loadNetwork(readFileSync(await save(page, strings.files.safetensors, temporaryFolder())));
    expect(network.classes).toBe(null);
    const { data, width, height } = decode(SAMPLE);
    const { labels } = await predict(network, { data: data as Uint8Array, width, height, channels: 1 });
    const left = Array.from(before).flatMap((label, i) => (label === 1 ? [] : [i]));
    expect(left.length).toBeGreaterThan(1000);
    expect(Array.from(left, (i) => labels[i])).toEqual(Array.from(left, (i) => (before[i] === 2 ? 1 : 0)));
    await context.close();
  });

  test("what is kept is what was done: strokes that count on, no network that was given up, the pictures that there are", async () => {
    const { page, context } = await openPicture();
    const of = (script: string) => page.evaluate(script);
    const dot = async (y: number) =>
      draw(page, [
        [100, y],
        [104, y],
      ]);
    for (const y of [20, 40, 60]) await dot(y);
    await page.waitForTimeout(300);
    await page.reload();
    await until(page, ({ size }) => size);
    await page.keyboard.press("2");
    for (const y of [80, 100]) await dot(y);
    // every fifth one of a class
    expect(new Set(await strokesOf(page))).toEqual(new Set([1, 129, 255]));
    await page.keyboard.press("1");
    await dot(140);
    await until(page, ({ progress }) => progress && progress.steps > 0);
    // two saves wait for each other
    await of("globalThis.releases = [project.hold(), project.hold()]");
    await until(page, ({ progress }) => progress && !progress.learning);
    await of("releases[0]()");
    const { progress } = await stateOf(page);
    await page.waitForTimeout(500);
    expect((await stateOf(page)).progress?.steps).toBe(progress?.steps);
    await of("releases[1]()");
    await until(page, (state) => state.progress && state.progress.steps > (progress?.steps ?? 0));
    await page.keyboard.press("p");
    await page.getByRole("button", { name: strings.learning.startOver }).click();
    await page.waitForTimeout(300);
    await page.reload();
    await page.keyboard.press("p");
    await until(page, ({ size }) => size);
    expect(await of("project.hasNetwork")).toBe(false);
    // a picture is known by its name and its content, and its strokes before it is decoded
    expect(
      await of(`(async () => {
        const { name, file } = project.pictures.value[0];
        const known = [await project.has({ name, file }), await project.has({ name, file: new Blob(["x"]) })];
        const [added] = project.add([{ name, file, labels: new Uint8Array(65536).fill(1) }]);
        return [...known, project.hasStrokes({ picture: added }), project.hasStrokes({ picture: added, label: 0 })];
      })()`),
    ).toEqual([true, false, true, false]);
    await context.close();
  });

  test("the sample is left only by a stroke, and no key is lost to a button, a slider or a hand on the screen", async () => {
    const { page, context } = await openPaint({ hasTouch: true });
    const of = (script: string) => page.evaluate(script);
    await until(page, ({ hasOverlay }) => hasOverlay);
    const { touch, pen } = await hands(page);
    const [a, b] = [await pointOf(page, 100, 100), await pointOf(page, 150, 150)];
    await touch("touchStart", { ...a, id: 1 });
    await touch("touchStart", { ...a, id: 1 }, { ...b, id: 2 });
    await touch("touchEnd");
    expect(await of("project.sample.value")).toBe(true);
    await files(page).setInputFiles({ name: "mine.png", mimeType: "image/png", buffer: SAMPLE });
    await until(page, ({ pictures, size }) => size && pictures.length === 1 && pictures[0].name === "mine.png");
    await page.getByRole("button", { name: strings.tools.brush }).click();
    await page.keyboard.down(" ");
    await page.mouse.move(a.x, a.y);
    await page.mouse.down();
    await page.mouse.move(a.x + 30, a.y + 30);
    await page.mouse.up();
    await page.keyboard.up(" ");
    expect(new Set(await strokesOf(page))).toEqual(new Set([255]));
    await page.keyboard.press("0");
    await page.getByRole("slider").first().click();
    await page.keyboard.press("f");
    expect(await of("project.tool.value")).toBe("fill");
    await of("project.setRadius(3)");
    await page.keyboard.press("b");
    await draw(page, RING);
    const before = await strokesOf(page);
    await page.keyboard.press("f");
    const inside = await pointOf(page, 125, 125);
    await pen("mousePressed", inside);
    await touch("touchStart", { ...(await pointOf(page, 20, 220)), id: 3 });
    await pen("mouseReleased", inside);
    await touch("touchEnd");
    expect((await strokesOf(page)).filter((label, i) => label !== before[i]).length).toBeGreaterThan(500);
    await context.close();
  });

  test("a picture that is none, and a file of another kind, are told of", async () => {
    const { page, context } = await openPicture();
    await files(page).setInputFiles({ name: "torn.png", mimeType: "image/png", buffer: SAMPLE.subarray(0, 900) });
    await expect.poll(() => page.locator(".notice").textContent(), PATIENCE).toMatch(/^torn\.png cannot be opened: /);
    await files(page).setInputFiles({ name: "words.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") });
    await expect.poll(() => page.locator(".notice").textContent()).toContain(strings.pictures.none("words.txt"));
    // the other picture is as it was
    await paintBoth(page);
    await until(page, ({ hasOverlay }) => hasOverlay);
    await context.close();
  });

  test("a picture of 40 megapixels is painted on, and learned where it is seen", async () => {
    const { page, context } = await openPaint();
    await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(7300, 5500);
      const brush = canvas.getContext("2d");
      if (!brush) throw new Error("no canvas");
      brush.fillStyle = "#203040";
      brush.fillRect(0, 0, canvas.width, canvas.height);
      brush.fillStyle = "#c0a060";
      for (let i = 0; i < 400; i++) brush.fillRect((i % 20) * 365, Math.floor(i / 20) * 275, 180, 140);
      const file = new File([await canvas.convertToBlob({ type: "image/jpeg" })], "large.jpg", { type: "image/jpeg" });
      const data = new DataTransfer();
      data.items.add(file);
      dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
    });
    await until(page, ({ size }) => size?.width === 7300);
    await page.evaluate(() => {
      // @ts-expect-error: the page has it
      globalThis.project.radius.value = 40;
    });
    await draw(page, [
      [3700, 2800],
      [3780, 2840],
    ]);
    await page.keyboard.press("1");
    await draw(page, [
      [3900, 2800],
      [3960, 2840],
    ]);
    await until(page, ({ hasOverlay }) => hasOverlay);
    expect((await stateOf(page)).notice).toBeNull();
    await context.close();
  });

  test("what is saved is what the page shows: lovasz predict and ONNX Runtime agree with its masks, and it opens again", async () => {
    const { page, context } = await openPicture({ acceptDownloads: true });
    await paintBoth(page);
    await until(page, ({ hasOverlay, progress }) => hasOverlay && progress && progress.steps > 40);
    await page.keyboard.press("p");
    await until(page, ({ progress }) => progress && !progress.learning);
    const folder = temporaryFolder();
    const zip = await save(page, strings.files.project, folder);
    const [labels, strokes] = [await predictedOf(page), await strokesOf(page)];
    const files = unzipSync(readFileSync(zip));
    const mask = decode(files["masks/mine.png"]).data;
    expect(Array.from(mask)).toEqual(strokes.map((stroke, i) => 255 * (stroke === 255 ? (labels?.[i] ?? -1) : stroke)));
    const model = await save(page, strings.files.safetensors, folder);
    mkdirSync(join(folder, "images"));
    writeFileSync(join(folder, "images/mine.png"), SAMPLE);
    const out = join(folder, "out");
    expect((await call("predict", "--model", model, "--data", join(folder, "images"), "--out", out)).code).toBe(0);
    expect(Array.from(decode(readFileSync(join(out, "mine.png"))).data)).toEqual(
      Array.from(labels ?? new Uint8Array(), (label) => 255 * label),
    );
    const session = await InferenceSession.create(readFileSync(await save(page, strings.files.onnx, folder)));
    const { data } = decode(SAMPLE);
    const planes = Float32Array.from({ length: 3 * data.length }, (_, i) => data[i % data.length]);
    const { logits } = await session.run({ picture: new Tensor("float32", planes, [1, 3, 256, 256]) });
    const other = Array.from(logits.data as Float32Array, (logit) => Number(logit > 0));
    // on the boundary, where a logit is 0 to the rounding of float32, either is right
    expect(other.filter((label, i) => label !== labels?.[i]).length).toBeLessThan(5);
    await session.release();
    page.on("dialog", (dialog) => dialog.accept());
    await page.locator("summary").click();
    await page.getByRole("button", { name: strings.files.clear }).click();
    await until(page, ({ pictures }) => pictures.length === 0);
    await others(page).setInputFiles(zip);
    await until(page, ({ hasOverlay, pictures }) => hasOverlay && pictures[0]?.name === "mine.png");
    expect(await strokesOf(page)).toEqual(strokes);
    await context.close();
  });

  test("a model of fewer classes leaves the strokes of the others, and is saved though nothing was learned since", async () => {
    const { page, context } = await openPicture({ acceptDownloads: true });
    await page.getByRole("button", { name: strings.classes.add }).click();
    await draw(page, [
      [100, 100],
      [110, 104],
    ]);
    await others(page).setInputFiles({ name: "two.safetensors", mimeType: "", buffer: model() });
    await until(page, ({ notice }) => notice === strings.files.loaded("two.safetensors"));
    expect(new Set(await strokesOf(page))).toEqual(new Set([2, 255]));
    expect(await page.getByRole("textbox", { name: strings.classes.name(3) }).inputValue()).toBe(strings.classes.another(2));
    const files = unzipSync(readFileSync(await save(page, strings.files.project, temporaryFolder())));
    expect(Object.keys(files)).toContain("classes/mine.png");
    expect(loadNetwork(files["network.safetensors"]).classes).toBe(3);
    await context.close();
  });

  test("strokes are deleted only by those who mean it: with a picture, with a class, and where a project takes their place", async () => {
    const { page, context } = await openPicture({ acceptDownloads: true });
    await page.getByRole("button", { name: strings.classes.add }).click();
    await draw(page, [
      [100, 100],
      [110, 104],
    ]);
    const zip = await save(page, strings.files.project, temporaryFolder());
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.message());
      return dialog.dismiss();
    });
    await page.getByRole("button", { name: strings.classes.remove(strings.classes.another(2)) }).click();
    await page.getByRole("button", { name: strings.pictures.remove("mine.png") }).click();
    await others(page).setInputFiles(zip);
    await expect.poll(() => asked, PATIENCE).toHaveLength(3);
    expect(asked).toEqual([
      strings.classes.sure(strings.classes.another(2)),
      strings.pictures.sure("mine.png"),
      strings.files.replace("painted.zip"),
    ]);
    expect(new Set(await strokesOf(page))).toEqual(new Set([2, 255]));
    // a class without strokes goes at once
    await page.getByRole("button", { name: strings.classes.remove("object") }).click();
    expect((await stateOf(page)).classes).toHaveLength(2);
    expect(asked).toHaveLength(3);
    await context.close();
  });

  test("a project whose network is damaged opens, and says so", async () => {
    const { page, context } = await openPicture({ acceptDownloads: true });
    await draw(page, [
      [100, 100],
      [110, 104],
    ]);
    const folder = temporaryFolder();
    const project = unzipSync(readFileSync(await save(page, strings.files.project, folder)));
    const zip = join(folder, "damaged.zip");
    writeFileSync(zip, zipSync({ ...project, "network.safetensors": new Uint8Array(9) }));
    page.on("dialog", (dialog) => dialog.accept());
    await others(page).setInputFiles(zip);
    await until(
      page,
      ({ notice, size }) => size && notice?.startsWith("The network in damaged.zip could not be read, so another learns anew: "),
    );
    expect(new Set(await strokesOf(page))).toEqual(new Set([1, 255]));
    await context.close();
  });

  test("where storage is refused, the page says so, and works", async () => {
    const context = await browser!.newContext({ locale: "en-US", viewport: { width: 1100, height: 700 } });
    const page = await context.newPage();
    await page.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { get: () => undefined }));
    await page.goto(`${site.url}paint/index.html`);
    await expect.poll(() => page.locator(".notice").textContent(), PATIENCE).toContain(strings.storage.refused);
    await until(page, ({ hasOverlay }) => hasOverlay);
    const download = page.waitForEvent("download", PATIENCE);
    await page.getByRole("button", { name: strings.files.save }).click();
    expect((await download).suggestedFilename()).toBe("painted.zip");
    await context.close();
  });

  test("without isolation it learns on one thread, and says why", async () => {
    const plain = await servePaint({ isolated: false });
    // a service worker would isolate it
    const { page, context } = await openPaint({ serviceWorkers: "block" }, plain.url);
    await until(page, ({ hasOverlay, threads }) => hasOverlay && threads === 1);
    expect(await page.getByText(strings.learning.oneThread).count()).toBe(1);
    await context.close();
    await plain.close();
  });

  test("two losses learn from the same strokes, side by side", async () => {
    const { page, context } = await openPicture();
    await page.getByText(strings.learning.compare).click();
    await paintInLeftPane(page);
    await until(page, ({ progress }) => progress?.loss.crossEntropy !== undefined && progress.loss.lovasz !== undefined);
    expect(await page.locator(".panes span").allTextContents()).toEqual([strings.learning.crossEntropy, strings.learning.lovasz]);
    await context.close();
  });

  test("everything but painting can be done by the keyboard, on a phone, too", async () => {
    const { page, context } = await openPicture({ viewport: { width: 360, height: 740 }, colorScheme: "dark" });
    const names = new Set<string>();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      names.add(
        await page.evaluate(() => {
          const { activeElement } = document;
          return activeElement?.getAttribute("aria-label") ?? activeElement?.textContent ?? "";
        }),
      );
    }
    const { tools, classes, learning, pictures, files: saving } = strings;
    expect([...names]).toEqual(
      expect.arrayContaining([
        ...[tools.brush, tools.fit, saving.label, strings.canvas("mine.png"), classes.pick("object"), classes.colour("object")],
        ...[classes.name(2), classes.add, learning.pause, learning.startOver, pictures.remove("mine.png")],
      ]),
    );
    // nothing is wider than the page
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await context.close();
  });
});

// processors of other kinds have always had what SSE 4.1 is to x64
test.skipIf(!browser || process.arch !== "x64")(
  "a browser without the instructions that the network needs is told in one sentence",
  async () => {
    const old = await openBrowser({ engine: "--no-enable-sse4-1" });
    try {
      const page = await old.newPage({ locale: "en-US" });
      await page.goto(`${site.url}paint/index.html`);
      await page
        .getByText(/^This browser cannot learn: lovasz needs WebAssembly, with its 128-bit SIMD instructions, .* has it\.$/)
        .waitFor();
    } finally {
      await old.close();
    }
  },
);

async function paintInLeftPane(page: Page) {
  const box = await page.locator("main canvas").boundingBox();
  if (!box) throw new Error("there is no canvas");
  // the picture fills the height of a pane half as wide as the canvas
  const scale = Math.min(box.width / 2, box.height) / 256;
  const at = (x: number, y: number) =>
    [box.x + (box.width / 2 - 256 * scale) / 2 + x * scale, box.y + (box.height - 256 * scale) / 2 + y * scale] as const;
  for (const [label, x, y] of [
    ["2", 55, 83],
    ["1", 40, 170],
  ] as const) {
    await page.keyboard.press(label);
    await page.mouse.move(...at(x, y));
    await page.mouse.down();
    await page.mouse.move(...at(x + 4, y + 4));
    await page.mouse.up();
  }
}

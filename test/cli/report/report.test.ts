import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { report } from "../../../src/cli/report/report.js";
import { outputBytes } from "../../../src/cli/run/outputBytes.js";
import { binaryTask, multiclassTask } from "../../../src/model/task.js";
import { describeBrowser, openPage } from "../../helpers/browser.js";
import { temporaryFolder } from "../helpers/files.js";
import { run, training } from "../helpers/runs.js";
import { noise } from "../helpers/samples.js";

const NASTY = `</script><img src=x onerror=alert(1)>"'&`;
const losses = ["bce", "bce+lovasz-hinge", "dice", "jaccard"];

function nasty() {
  const made = run(losses.map((loss, i) => training(loss, { iou: 0.5 + i / 10, diverged: i === 0 ? 3 : null })));
  const data = { ...made.data, source: `cells ${NASTY}`, doubts: [`file ${NASTY}`] };
  const examples = made.examples.map((example) => ({ ...example, sample: noise(8, 8, 2, NASTY) }));
  return { ...made, data, examples, interrupted: true };
}

describe("report", () => {
  test("tells titles, verdict, table, warnings and each picture", () => {
    const page = report(nasty());
    expect(page).toContain("<h1>What 4 losses learned</h1>");
    expect(page).toContain("jaccard is ahead of dice by 10.0 points");
    expect(page).toContain("Diverged: bce in epoch 3");
    expect(page).toContain("The run was interrupted");
    expect(page.match(/<figure>/g)).toHaveLength(6);
    expect(page.match(/<tr>/g)).toHaveLength(5);
    const two = report(run([training("bce"), training("dice")]));
    expect(two).toContain("<h1>What bce and dice learned</h1>");
    expect(two).not.toMatch(/Diverged|interrupted:/);
  });

  test("says one picture and one epoch", () => {
    const one = run([training("bce")]);
    const page = report({ ...one, recipe: { ...one.recipe, epochs: 1 } });
    expect(page).toContain("1 picture for training, 1 for validation");
    expect(page).toContain("1 epoch,");
    expect(page).not.toMatch(/\b1 (pictures|epochs)\b/);
  });

  test("lets no name become markup", () => {
    const page = report(nasty());
    expect(page).not.toContain(NASTY);
    expect(page).not.toContain("<img src=x");
    expect(page).toContain("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;");
  });

  test("loads nothing: no address in it leads anywhere", () => {
    const page = report(nasty());
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<link|@import|<iframe|<script[^>]* src|srcset/i);
    for (const [, address] of page.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]*)/gi)) {
      if (address.includes(":") || address.startsWith("/")) expect(address).toMatch(/^data:image\/png/);
    }
  });

  test("explains every colour of many classes", () => {
    const made = run([training("ce")]);
    const page = report({ ...made, recipe: { ...made.recipe, task: multiclassTask(200) } });
    expect(page).toContain("classes 1, 8, 15, 22, ... correct");
    expect(page).toContain("classes 7, 14, 21, 28, ... correct");
    expect(page).toContain("taken for another class");
  });
});

/** A run of three classes, two losses and three seeds. */
function seeded() {
  const confusion = [[30, 6, 0], [2, 10, 4], [0, 3, 9]]; // biome-ignore format: one line
  const seeds = (loss: string, iou: number) =>
    [0, 1, 2].map((seed) => training(loss, { seed, iou: iou + seed / 100, confusion, classIoUs: [0.7, 0.5, null] }));
  const made = run([...seeds("ce", 0.5), ...seeds("ce+lovasz-softmax", 0.6)]);
  return { ...made, recipe: { ...made.recipe, task: multiclassTask(3) } };
}

describe("the report of several seeds and classes", () => {
  const page = report(seeded());

  test("has tables of scores, differences and classes, and a matrix for each loss", () => {
    expect(page).toContain("<h3>Differences, seed by seed</h3>");
    expect(page).toContain("<td>ce+lovasz-softmax - ce</td>");
    expect(page).toContain("<th>IoU by ce</th>");
    expect(page).toContain("<td>absent</td>");
    expect(page.match(/class="matrix"/g)).toHaveLength(2);
    expect(page).toContain("were predicted, all seeds together");
    expect(report(run([training("bce")]))).not.toMatch(/class="matrix"|Differences|Band:/);
  });

  test("says what lines and bands are", () => {
    expect(page).toContain("Line: the mean over the seeds. Band: from the lowest seed to the highest.");
    expect(page).toContain("seeds 0, 1, 2");
  });
});

/** In CSS pixels: 210 mm without twice 14 mm. */
const A4_WITHIN_MARGINS = 687;

/** `run`'s report in a new page, of a phone if it is 360 px wide. The caller closes it. */
async function opened(made: ReturnType<typeof run>, width = 1280) {
  const file = join(temporaryFolder(), "report.html");
  writeFileSync(file, report(made));
  const page = await openPage();
  await page.setViewportSize({ width, height: 800 });
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector("#loss canvas");
  return page;
}

test("the report of the most classes grows by no more than outputBytes says", () => {
  const confusion = Array.from({ length: 255 }, (_, i) => Array.from({ length: 255 }, (_, j) => 1 + ((7 * i + j) % 90)));
  const losses = ["ce+lovasz-softmax", "dice+lovasz-softmax"];
  const made = run(losses.map((loss) => training(loss, { confusion, classIoUs: new Array(255).fill(0.125) })));
  const recipe = { ...made.recipe, task: multiclassTask(255) };
  const [much, little] = [report({ ...made, recipe }), report({ ...made, outcomes: run([training("ce")]).outcomes })];
  const numbers = outputBytes(recipe, 2, []) - outputBytes({ ...recipe, epochs: 0, task: binaryTask }, 2, []);
  expect(much.length - little.length).toBeLessThan(numbers);
});

describeBrowser("the report in a browser", () => {
  test("enlarges a panel by key and click, flips through its row, and gives the focus back", async () => {
    const page = await opened(run([training("bce"), training("dice")]));
    const told = () => page.evaluate(`(() => {
      const dialog = document.getElementById("large");
      const [now, panel] = [dialog.querySelector("p").textContent, [...document.querySelectorAll(".panel")].indexOf(document.activeElement)];
      return { open: dialog.open, now, panel, same: dialog.querySelector("img")?.src === document.querySelectorAll(".panel img")[2].src };
    })()`); // biome-ignore format: one line
    await page.locator(".panel").nth(1).focus();
    await page.keyboard.press("Enter");
    expect(await told()).toEqual({ open: true, now: "truth (2 of 4)", panel: -1, same: false });
    await page.keyboard.press("ArrowRight");
    expect(await told()).toMatchObject({ open: true, now: "bce, IoU 50.0 % (3 of 4)", same: true });
    await page.click("#large-after");
    await page.keyboard.press("ArrowRight");
    expect(await told()).toMatchObject({ now: "picture (1 of 4)" });
    await page.keyboard.press("ArrowLeft");
    expect(await told()).toMatchObject({ now: "dice, IoU 50.0 % (4 of 4)" });
    await page.keyboard.press("Escape");
    expect(await told()).toMatchObject({ open: false, panel: 1 });
    await page.locator(".panel").nth(2).click();
    expect(await told()).toMatchObject({ open: true, same: true });
    await page.mouse.move(700, 400);
    await page.mouse.down();
    await page.mouse.move(500, 400);
    await page.mouse.up();
    expect(await told()).toMatchObject({ open: true, now: "dice, IoU 50.0 % (4 of 4)" });
    await page.locator("#large > img").click();
    expect(await told()).toMatchObject({ open: false, panel: 2 });
    await page.close();
  });

  test("draws bands over the seeds, which go with their line", async () => {
    const page = await opened(seeded());
    const rows = ".card:first-child .u-series";
    const shown = () => page.evaluate<string[]>(`[...document.querySelectorAll("${rows}")].filter((row) => row.offsetHeight > 0).map((row) => row.textContent)`); // biome-ignore format: one line
    expect((await shown()).map((text) => text.replace(/-+$/, ""))).toEqual(["epoch", "ce", "ce+lovasz-softmax"]);
    await page.click(`${rows} >> nth=1`);
    const off = await page.evaluate(`[...document.querySelectorAll("${rows}")].map((row) => row.classList.contains("u-off"))`);
    expect(off).toEqual([false, true, false, true, false, true, false]);
    await page.close();
  });

  test("fits 360 px, where tables scroll in boxes of their own, and a panel fills the screen", async () => {
    const page = await opened(seeded(), 360);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
    const wide = await page.evaluate<number>(`[...document.querySelectorAll(".scroll")].filter((box) => box.scrollWidth > box.clientWidth).length`); // biome-ignore format: one line
    expect(wide).toBeGreaterThan(0);
    await page.locator(".panel").first().click();
    expect(await page.evaluate(`document.querySelector("#large > img").clientWidth`)).toBeGreaterThan(300);
    await page.close();
  });

  test("is printed light whatever the theme, with both charts beside each other", async () => {
    const page = await opened(seeded());
    const card = () => page.evaluate(`getComputedStyle(document.querySelector(".card")).backgroundColor`);
    const width = () => page.evaluate<number>(`document.querySelector("#iou canvas").clientWidth`);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await card()).toBe("rgb(27, 30, 33)");
    await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
    await expect.poll(() => page.evaluate(`document.querySelector("#iou canvas").clientWidth`)).toBe(300);
    expect(await card()).toBe("rgb(255, 255, 255)");
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    expect(await card()).toBe("rgb(255, 255, 255)");
    await page.emulateMedia({ colorScheme: "dark", media: "screen" });
    await page.evaluate(`dispatchEvent(new Event("afterprint"))`);
    expect(await card()).toBe("rgb(27, 30, 33)");
    expect(await width()).toBeGreaterThan(300);
    await page.close();
  });

  test("is printed no wider than A4, also the matrix of many classes", async () => {
    // two digits and a decimal in every column that is shown
    const wrong = (i: number, j: number) => Number(i < 24 && j < 24 && (i + j) % 3 === 0);
    const confusion = Array.from({ length: 255 }, (_, i) => Array.from({ length: 255 }, (_, j) => wrong(i, j)));
    const made = run([training("ce+lovasz-softmax", { confusion })]);
    const page = await opened({ ...made, recipe: { ...made.recipe, task: multiclassTask(255) } }, A4_WITHIN_MARGINS);
    await page.emulateMedia({ media: "print" });
    // the charts are drawn again first
    await expect.poll(() => page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
    await page.close();
  });

  test("draws both charts and every picture, asks for nothing, and fits a phone", async () => {
    const file = join(temporaryFolder(), "report.html");
    writeFileSync(file, report(nasty()));
    const page = await openPage();
    await page.goto("about:blank");
    const [requests, errors]: [string[], string[]] = [[], []];
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector("#loss canvas");
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.startsWith("data:"))).toEqual([pathToFileURL(file).href]);
    const seen = (await page.evaluate(`({
      charts: document.querySelectorAll("canvas").length,
      broken: [...document.images].filter((image) => !image.naturalWidth).length,
      images: document.images.length,
      wider: document.documentElement.scrollWidth - innerWidth,
      name: document.querySelector(".row h3").textContent,
    })`)) as Record<string, unknown>;
    expect(seen).toEqual({ charts: 2, broken: 0, images: 6, wider: 0, name: NASTY });
    await page.close();
  });
});

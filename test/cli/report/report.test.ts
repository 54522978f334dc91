import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { report } from "../../../src/cli/report/report.js";
import { multiclassTask } from "../../../src/model/task.js";
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
    expect(page).toContain("classes 1, 7, 13, 19, ... correct");
    expect(page).toContain("classes 6, 12, 18, 24, ... correct");
    expect(page).toContain("taken for another class");
  });
});

describeBrowser("the report in a browser", () => {
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

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import type { DataFolder } from "../../../src/cli/data/folder.js";
import { inspectPage } from "../../../src/cli/inspect/page.js";
import { describeBrowser, openPage } from "../../helpers/browser.js";
import { temporaryFolder } from "../helpers/files.js";
import { noisePicture } from "../helpers/samples.js";

const NASTY = `</style><img src=x onerror=alert(1)>"'&`;
const folder: DataFolder = {
  pictures: [noisePicture(8, 8, 1), noisePicture(9, 7, 2, NASTY)],
  doubts: [`file ${NASTY} is doubtful`],
  values: "0 and 255 (grey values)",
  truth: "masks",
  classNames: null,
};

describe("inspectPage", () => {
  test("tells sizes, class balance, doubts, and shows pictures with their masks", async () => {
    const page = await inspectPage("cells", folder, null);
    expect(page).toContain("2 pictures from 9 x 7 to 8 x 8 pixels; the masks hold 0 and 255 (grey values).");
    expect(page).toContain("is doubtful</li>");
    expect(page.match(/<figure>/g)).toHaveLength(4);
    expect(page).toMatch(/<td>foreground<\/td><td>\d+<\/td>/);
    expect(await inspectPage("cells", { ...folder, doubts: [] }, null)).toContain("All files can be read, and their meaning is known.");
  });

  test("lets no name become markup, and loads nothing", async () => {
    const page = await inspectPage(NASTY, { ...folder, classNames: ["sky", NASTY, "car"] }, 3);
    expect(page).not.toContain("<img src=x");
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<link|@import|<script|<iframe|srcset/i);
  });
});

describeBrowser("the page in a browser", () => {
  test("shows every picture and fits a phone", async () => {
    const file = join(temporaryFolder(), "page.html");
    writeFileSync(file, await inspectPage("cells", folder, null));
    const page = await openPage();
    const errors: string[] = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(pathToFileURL(file).href);
    const seen = await page.evaluate(`({
      broken: [...document.images].filter((image) => !image.naturalWidth).length,
      images: document.images.length,
      wider: document.documentElement.scrollWidth - innerWidth,
    })`);
    expect(seen).toEqual({ broken: 0, images: 4, wider: 0 });
    expect(errors).toEqual([]);
    await page.close();
  });
});

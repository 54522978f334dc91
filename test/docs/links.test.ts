// The check of links that `npm run site` ends with.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { deadLinks } from "../../docs/site/links.mjs";
import { temporaryFolder } from "../cli/helpers/files.js";

const HOWTO = "howto/predict.html";

/** A folder with `pages`, and a page beside it. */
function siteOf(pages: Record<string, string>): string {
  const parent = temporaryFolder();
  const folder = join(parent, "site");
  mkdirSync(join(folder, "howto"), { recursive: true });
  writeFileSync(join(parent, "beside.html"), "");
  for (const [page, text] of Object.entries(pages)) writeFileSync(join(folder, page), text);
  return folder;
}

test("finds no fault in links to pages, pictures, folders, elements and other hosts", () => {
  const links = [
    "howto/predict.html",
    "howto/predict.html#top",
    "#here",
    "a%20b.svg",
    "a%20b.svg?1",
    "a%20b.svg#part",
    ".",
    "https://example.org/x",
    "mailto:a@b.c",
  ];
  const text = `<h1 id="here">A</h1>${links.map((link) => `<a class="x" href="${link}">b</a>`).join("")}<img src="a%20b.svg">`;
  expect(deadLinks(siteOf({ "index.html": text, "a b.svg": "", [HOWTO]: '<p id="top"><a href="../index.html#here">c</a>' }))).toEqual([]);
});

test.each([
  ["a page that is not there", "other.html"],
  ["an element that is not there", "index.html#there"],
  ["an element of its own page that is not there", "#there"],
  ["a folder without a page", "howto/"],
  ["what lies outside of the site", "../beside.html"],
  ["an address from the root of the host", "/index.html"],
])("tells of a link to %s", (_, link) => {
  const folder = siteOf({ "index.html": `<a href="${link}">x</a>`, [HOWTO]: "" });
  expect(deadLinks(folder)).toEqual([`index.html links to ${link}, which is not there`]);
});

test("tells of a picture that is not there, once", () => {
  const folder = siteOf({ "index.html": "", [HOWTO]: '<img src="a.png"><img src="a.png">' });
  expect(deadLinks(folder)).toEqual([`${join(HOWTO)} links to a.png, which is not there`]);
});

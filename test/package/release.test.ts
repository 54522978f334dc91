// `npm run release:check`: what is missing before a version can be published.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../cli/helpers/files.js";

const script = fileURLToPath(new URL("../../.ci/release.mjs", import.meta.url));
const root = temporaryFolder();
const address = "https://example.org/lovasz";

const READY = {
  "package.json": JSON.stringify({ version: "1.2.3", repository: address, homepage: address, bugs: address }),
  "package-lock.json": JSON.stringify({ version: "1.2.3" }),
  "CITATION.cff": "cff-version: 1.2.0\nversion: 1.2.3\n",
  "CHANGELOG.md": "# Changelog\n\n## 1.2.3, 2027-01-31\n\n- All.\n\n## 1.2.2, 2026-01-31\n",
  "README.md": `![A picture](docs/a.png) [a part](docs/b.md#part) [elsewhere](${address}) [below](#below)`,
};

/** What the check says of these files, with others in their place. */
function check(others: Partial<typeof READY> = {}, ...args: string[]) {
  const folder = mkdtempSync(join(root, "release-"));
  mkdirSync(join(folder, "docs"));
  const files = { ...READY, "docs/a.png": "", "docs/b.md": "", ...others };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { stderr, status } = spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: "utf8" });
  return { faults: stderr.trim().split("\n").slice(0, -1), status };
}

test("accepts a version that is ready", () => {
  expect(check()).toEqual({ faults: [], status: 0 });
  expect(check({}, "v1.2.3")).toEqual({ faults: [], status: 0 });
});

describe("names what is missing:", () => {
  test.each<[string, Partial<typeof READY>, string[], string[]]>([
    [
      "addresses",
      { "package.json": JSON.stringify({ version: "1.2.3" }) },
      [],
      ["repository", "homepage", "bugs"].map((field) => `package.json has no "${field}"; npm pkg set ${field}=<address>`),
    ],
    ["a placeholder", { "README.md": "git clone <repository>" }, [], ["README.md says <repository>; put the address in its place"]],
    ["a link to nothing", { "README.md": "[c](docs/c.md#d)" }, [], ["README.md links to docs/c.md, which does not exist"]],
    ["the lock", { "package-lock.json": '{ "version": "1.2.2" }' }, [], ["package-lock.json is of 1.2.2; npm install sets it"]],
    ["the citation", { "CITATION.cff": "version: 1.2.2\n" }, [], ["CITATION.cff is of 1.2.2; set its version to 1.2.3"]],
    ["the tag", {}, ["v1.2.4"], ["the tag is v1.2.4, and package.json is of 1.2.3"]],
    [
      "the heading of the version",
      { "CHANGELOG.md": "## 1.2.2, 2026-01-31\n" },
      [],
      ['CHANGELOG.md begins with "## 1.2.2, 2026-01-31"; expected "## 1.2.3, <date>"'],
    ],
    [
      "the date",
      { "CHANGELOG.md": "## 1.2.3, unreleased\n" },
      [],
      ['CHANGELOG.md says "## 1.2.3, unreleased"; put the date of the release in its place, such as 2027-01-31'],
    ],
  ])("%s", (_, others, args, faults) => {
    expect(check(others, ...args)).toEqual({ faults, status: 1 });
  });
});

test("the version is the same in package.json, package-lock.json, CITATION.cff and CHANGELOG.md", () => {
  const { stderr } = spawnSync(process.execPath, [script], { cwd: fileURLToPath(new URL("../..", import.meta.url)), encoding: "utf8" });
  // the rest is for whoever publishes
  expect(stderr).not.toMatch(/is of|expected/);
  expect(stderr).toContain(JSON.parse(readFileSync("package.json", "utf8")).version);
});

// Whether this version can be published: says what is missing, a line each, and fails. `npm run release:check -- v0.2.0` also compares the tag.
import { existsSync, readFileSync } from "node:fs";

const read = (file) => readFileSync(file, "utf8");
const readme = read("README.md");
const manifest = JSON.parse(read("package.json"));
const lock = JSON.parse(read("package-lock.json"));
const { version } = manifest;
const tag = process.argv[2] ?? `v${version}`;
const heading = read("CHANGELOG.md").match(/^## .*$/m)?.[0] ?? "";
const cited = read("CITATION.cff").match(/^version: (.*)$/m)?.[1];
const links = [...readme.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => link).filter((link) => !/^[a-z]+:/.test(link));

/** What has to hold, and what to do where it does not. */
const rules = [
  // npm's page shows them, resolves the relative links of README by the first, and compares it with the provenance
  ...["repository", "homepage", "bugs"].map((field) => [manifest[field], `package.json has no "${field}"; npm pkg set ${field}=<address>`]),
  [!readme.includes("<repository>"), "README.md says <repository>; put the address in its place"],
  ...links.map((link) => [existsSync(link), `README.md links to ${link}, which does not exist`]),
  [lock.version === version, `package-lock.json is of ${lock.version}; npm install sets it`],
  [cited === version, `CITATION.cff is of ${cited}; set its version to ${version}`],
  [tag === `v${version}`, `the tag is ${tag}, and package.json is of ${version}`],
  [heading.startsWith(`## ${version}, `), `CHANGELOG.md begins with "${heading}"; expected "## ${version}, <date>"`],
  [/\d{4}-\d{2}-\d{2}$/.test(heading), `CHANGELOG.md says "${heading}"; put the date of the release in its place, such as 2027-01-31`],
];
const faults = rules.filter(([holds]) => !holds).map(([, fault]) => fault);
for (const fault of faults) console.error(fault);
console.error(faults.length > 0 ? `${version} cannot be published yet` : `${version} can be published`);
process.exitCode = faults.length > 0 ? 1 : 0;

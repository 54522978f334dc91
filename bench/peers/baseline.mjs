// An earlier build to compare with: LOVASZ_BASELINE is the path of its dist/.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this build. */
export const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

const { LOVASZ_BASELINE: given } = process.env;
if (given && !existsSync(join(given, "index.js"))) throw new Error(`LOVASZ_BASELINE is ${given}, expected a dist/ with index.js`);

/** The folder of the earlier build, or null. */
export const baseline = given ? resolve(given) : null;

/** For a table's head: which build that is, in words. */
export const aboutBaseline = () =>
  baseline ? `before: the build in ${baseline}` : "before: left out; LOVASZ_BASELINE=<dist of an earlier build> adds it";

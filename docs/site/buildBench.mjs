// Builds the page that measures speed in the browser of its visitor.
import { cpSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(import.meta.url);

/** Writes the page to `folder`, with what it compares: the other libraries lie in chunks of their own, loaded on request. */
export function buildBench(folder) {
  const own = join(root, "docs/site/bench");
  const names = ["page", "contender"].map((name) => join(own, `${name}.mjs`));
  const how = { bundle: true, splitting: true, format: "esm", platform: "browser", minify: true, logLevel: "error" };
  buildSync({ entryPoints: names, outdir: folder, external: ["./lovasz/*"], ...how });
  for (const name of ["index.html", "style.css"]) cpSync(join(own, name), join(folder, name));
  const dist = join(root, "dist");
  for (const name of readdirSync(dist)) if (name.endsWith(".js")) cpSync(join(dist, name), join(folder, "lovasz", name));
  const tfjs = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm"));
  for (const name of readdirSync(tfjs)) if (name.endsWith(".wasm")) cpSync(join(tfjs, name), join(folder, "tfjs", name));
}

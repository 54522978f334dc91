// Bundles what tsc wrote to build/js, with the WebAssembly binary inside, into dist/.
import { readFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { dts } from "rollup-plugin-dts";

const { dependencies, peerDependencies } = createRequire(import.meta.url)("./package.json");

/** Puts the release binary, in base64, in place of the import of "lovasz-core". */
export function embed() {
  const name = "lovasz-core";
  return {
    name: "embed",
    resolveId: (source) => (source === name ? `\0${name}` : null),
    load: (id) =>
      id === `\0${name}` ? `export default "${readFileSync(new URL("build/release.wasm", import.meta.url), "base64")}"` : null,
  };
}

const outside = [...builtinModules, ...Object.keys(dependencies), ...Object.keys(peerDependencies)];

/** Public entries, by the name of their file in dist/, and where tsc wrote them. */
const entries = { index: "build/js/index.js", fuzz: "build/js/fuzz/index.js" };

const external = (id) => id.startsWith("node:") || outside.some((name) => id === name || id.startsWith(`${name}/`));

export default [
  {
    input: { ...entries, cli: "build/js/cli/main.js" },
    output: { dir: "dist", format: "esm", chunkFileNames: "[name].js", minifyInternalExports: false },
    external,
    plugins: [embed()],
  },
  {
    // declarations without what is not exported
    input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, file.replace(/js$/, "d.ts")])),
    output: { dir: "dist", format: "esm", chunkFileNames: "[name].d.ts" },
    // what asc says of its binary, which none of our own declarations shows
    external: (id) => external(id) || id.endsWith("/build/release.js"),
    plugins: [dts()],
  },
];

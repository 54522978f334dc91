// Bundles what tsc wrote to build/js, with the WebAssembly binary inside, into dist/.
import { readFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";

const { dependencies } = createRequire(import.meta.url)("./package.json");

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

const outside = [...builtinModules, ...Object.keys(dependencies)];

export default {
  input: {
    index: "build/js/index.js",
    cli: "build/js/cli/main.js",
    // the pictures of the built-in example, for the programs in examples/
    example: "build/js/cli/data/example.js",
    tfjs: "build/js/adapters/tfjs.js",
    jax: "build/js/adapters/jax.js",
    "js-pytorch": "build/js/adapters/js-pytorch.js",
  },
  output: { dir: "dist", format: "esm", chunkFileNames: "[name].js", minifyInternalExports: false },
  external: (id) => id.startsWith("node:") || outside.some((name) => id === name || id.startsWith(`${name}/`)),
  plugins: [embed()],
};

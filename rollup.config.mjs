// Bundles what tsc wrote to build/js, with the WebAssembly binary inside, into dist/.
import { readFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import commonjs from "@rollup/plugin-commonjs";
import resolve from "@rollup/plugin-node-resolve";

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

/** What the licences ask to be kept of the packages that are bundled, at the head of their chunk. */
function notices({ moduleIds }) {
  if (!moduleIds.some((id) => id.includes("/gpu.js/"))) return "";
  // acorn and gpu-mock.js are part of its browser build
  const texts = ["gpu.js", "acorn", "gpu-mock.js"].map((name) => {
    const text = readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), "utf8");
    return `${name}\n\n${text.trim()}`;
  });
  return `/*!\n${texts.join("\n\n").replaceAll("*/", "* /")}\n*/`;
}

const outside = [...builtinModules, ...Object.keys(dependencies)];

export default {
  input: { index: "build/js/index.js", cli: "build/js/cli/main.js", gpu: "build/js/device/gpu/openGpu.js" },
  output: { dir: "dist", format: "esm", chunkFileNames: "[name].js", minifyInternalExports: false, banner: notices },
  external: (id) => id.startsWith("node:") || outside.some((name) => id === name || id.startsWith(`${name}/`)),
  plugins: [embed(), resolve({ resolveOnly: ["gpu.js"], ignoreSideEffectsForRoot: true }), commonjs({ include: "**/gpu.js/**" })],
};

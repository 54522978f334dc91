// Bundles what tsc wrote to build/js, with the WebAssembly binary inside, into dist/.
import { readFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import commonjs from "@rollup/plugin-commonjs";
import resolve from "@rollup/plugin-node-resolve";
import { dts } from "rollup-plugin-dts";

const { dependencies, peerDependencies } = createRequire(import.meta.url)("./package.json");

/** Puts binaries of the core, in base64, in place of the imports of "lovasz-core" and "lovasz-shared-core". */
export function embed() {
  const sources = {
    "lovasz-core": () => `export default "${binary("release").toString("base64")}"`,
    "lovasz-shared-core": () => `export default "${binary("shared").toString("base64")}"; export const addresses = ${addresses()}`,
  };
  return {
    name: "embed",
    resolveId: (source) => (source in sources ? `\0${source}` : null),
    load: (id) => sources[id.slice(1)]?.() ?? null,
  };
}

const binary = (name) => readFileSync(new URL(`build/${name}.wasm`, import.meta.url));

/**
 * Where the addresses of static data stand in the shared binary: where it differs from the same compiled for a place 2 MiB
 * higher. An address between 2 and 128 MiB takes 4 bytes of 7 bits, and 2 MiB more are 1 more in the last.
 */
function addresses() {
  const [shared, moved] = [binary("shared"), binary("moved")];
  const last = [...shared.keys()].filter((i) => shared[i] !== moved[i]);
  const isOne = (i) => moved[i] === shared[i] + 1 && shared[i] === 1 && [1, 2, 3].every((k) => shared[i - k] > 127);
  if (shared.length !== moved.length || !last.every(isOne)) throw new Error("shared.wasm and moved.wasm differ in more than addresses");
  return JSON.stringify(last.map((i) => i - 3));
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

/** Lets the operators, declared as methods of the Tensor of "../tensor/tensor.js", find it in the chunk where it now lies. */
function augmented() {
  return {
    name: "augmented",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle);
      const home = chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith("/tensor/tensor.d.ts"))).fileName;
      for (const chunk of chunks) chunk.code = chunk.code.replace('"../tensor/tensor.js"', `"./${home.replace(/d\.ts$/, "js")}"`);
    },
  };
}

/** Public entries, by the name of their file in dist/, and where tsc wrote them. */
const entries = {
  index: "build/js/index.js",
  fuzz: "build/js/fuzz/index.js",
  sketch: "build/js/sketch/index.js",
  tfjs: "build/js/adapters/tfjs.js",
  jax: "build/js/adapters/jax.js",
  "js-pytorch": "build/js/adapters/js-pytorch.js",
};

const outside = [...builtinModules, ...Object.keys(dependencies), ...Object.keys(peerDependencies)];
const external = (id) => id.startsWith("node:") || outside.some((name) => id === name || id.startsWith(`${name}/`));

export default [
  {
    input: {
      ...entries,
      cli: "build/js/cli/main.js",
      gpu: "build/js/device/gpu/openGpu.js",
      // the pictures of the built-in example, for the programs in examples/
      example: "build/js/cli/data/example.js",
    },
    output: { dir: "dist", format: "esm", chunkFileNames: "[name].js", minifyInternalExports: false, banner: notices },
    external,
    plugins: [embed(), resolve({ resolveOnly: ["gpu.js"], ignoreSideEffectsForRoot: true }), commonjs({ include: "**/gpu.js/**" })],
  },
  // the script of the workers, whole in itself: whoever serves it has one file to serve
  { input: { worker: "build/js/device/threads/worker.js" }, output: { dir: "dist", format: "esm" }, external, plugins: [embed()] },
  {
    // declarations without what is not exported
    input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, file.replace(/js$/, "d.ts")])),
    output: { dir: "dist", format: "esm", chunkFileNames: "[name].ts", minifyInternalExports: false },
    // what asc says of its binary, which none of our own declarations shows
    external: (id) => external(id) || id.endsWith("/build/release.js"),
    plugins: [dts(), augmented()],
  },
];

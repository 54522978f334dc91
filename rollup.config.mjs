// Bundles what tsc wrote to build/js, with the WebAssembly binary inside, into dist/.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import commonjs from "@rollup/plugin-commonjs";
import resolve from "@rollup/plugin-node-resolve";
import { transform } from "esbuild";
import { dts } from "rollup-plugin-dts";
import license from "rollup-plugin-license";

const require = createRequire(import.meta.url);
const { peerDependencies, version } = require("./package.json");

/** Puts binaries in base64, and files that the report and Python get, in place of the imports that have these names. */
export function embed() {
  const text = (id) => JSON.stringify(readFileSync(require.resolve(id), "utf8"));
  const python = (name) => text(`./src/cli/fuzz/${name}.py`);
  const sources = {
    "lovasz-libjpeg": () =>
      `export default "${readFileSync(require.resolve("@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm")).toString("base64")}"`,
    "lovasz-uplot": () =>
      `export const script = ${text("uplot/dist/uPlot.iife.min.js")}; export const style = ${text("uplot/dist/uPlot.min.css")}`,
    "lovasz-bridge": () => `export default ${python("bridge")}`,
    "lovasz-starter": () => `export default ${python("starter")}`,
    "lovasz-core": core,
  };
  return {
    name: "embed",
    resolveId: (source) => (source in sources ? `\0${source}` : null),
    load: (id) => sources[id.slice(1)]?.() ?? null,
  };
}

/** The path of a module as it is written here: Windows writes it with backslashes. */
const slashed = (id) => id.replaceAll("\\", "/");

const binary = (name) => readFileSync(new URL(`build/${name}.wasm`, import.meta.url));

/** The core, in base64, and where it must be changed for another place of its static data, and for memory that is not shared. */
function core() {
  const [release, moved] = [binary("release"), binary("moved")];
  const constants = { addresses: addresses(release, moved), sharedFlag: sharedFlag(release), build: buildOf(release) };
  const lines = Object.entries(constants).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`);
  return `export default "${release.toString("base64")}"; ${lines.join(" ")}`;
}

const buildOf = (release) => createHash("sha256").update(version).update(release).digest("hex").slice(0, 16);

/**
 * Where the addresses of static data stand: where the binary differs from the same compiled for a place 2 MiB higher. An address between
 * 2 and 128 MiB takes 4 bytes of 7 bits, and 2 MiB more are 1 more in the last. Besides, 2 MiB are 32 pages more that the memory has to
 * begin with, and that the heap expects; only the first core, which is never moved, has a heap.
 */
function addresses(release, moved) {
  const last = [...release.keys()].filter((i) => release[i] !== moved[i] && moved[i] !== release[i] + 32);
  const isOne = (i) => moved[i] === release[i] + 1 && release[i] === 4 && [1, 2, 3].every((k) => release[i - k] > 127);
  if (release.length !== moved.length || !last.every(isOne)) throw new Error("release.wasm and moved.wasm differ in more than addresses");
  return last.map((i) => i - 3);
}

/** Where the binary says of the memory that it imports that it has a maximum, and is shared. */
function sharedFlag(release) {
  const name = Buffer.from("\x03env\x06memory\x02\x03", "latin1");
  const at = release.indexOf(name);
  if (at < 0) throw new Error("release.wasm imports no shared memory");
  return at + name.length - 1;
}

/** The head of a chunk: licences that pages keep, as they may serve it alone, and that the code of others is not ours to type-check. */
function notices({ moduleIds }) {
  const paths = moduleIds.map(slashed);
  if (!paths.some((path) => path.includes("/node_modules/"))) return "";
  const library = Object.keys(FOR_PAGES).find((name) => paths.some((path) => path.includes(`/node_modules/${name}/`)));
  if (!library) return "// @ts-nocheck";
  const texts = FOR_PAGES[library].map((name) => {
    const text = readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), "utf8");
    return `${name}\n\n${text.trim()}`;
  });
  return `/*!\n${texts.join("\n\n").replaceAll("*/", "* /")}\n*/`;
}

/** Packages in chunks that pages load, and those whose licences their chunks carry. */
const FOR_PAGES = {
  // acorn and gpu-mock.js are part of its browser build
  "gpu.js": ["gpu.js", "acorn", "gpu-mock.js"],
  "@noble/hashes": ["@noble/hashes"],
  pako: ["pako"],
};

/** Lets the operators, declared as methods of the Tensor of "../tensor/tensor.js", find it in the chunk where it now lies. */
function augmented() {
  return {
    name: "augmented",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle);
      const home = chunks.find(({ moduleIds }) => moduleIds.some((id) => slashed(id).endsWith("/tensor/tensor.d.ts"))).fileName;
      for (const chunk of chunks) chunk.code = chunk.code.replace('"../tensor/tensor.js"', `"./${home.replace(/d\.ts$/, "js")}"`);
    },
  };
}

/** The licences of all that is bundled, in one file; those of FOR_PAGES stand in their chunks, too. */
function licences() {
  const heading = ({ name, version, license: kind }) => `${name} ${version}, ${kind}`;
  const carried = () => require("uplot/package.json");
  const template = (packages) => {
    const texts = packages.map((one) => `${heading(one)}\n\n${one.licenseText ?? one.repository?.url ?? ""}`);
    const uplot = `${heading(carried())}\n\n${readFileSync(require.resolve("uplot/LICENSE"), "utf8")}`;
    return [...texts, uplot, LIBJPEG].map((text) => text.trim()).join(`\n\n${"-".repeat(80)}\n\n`);
  };
  return license({ thirdParty: { output: { file: "dist/licences.txt", template } } });
}

const LIBJPEG = `libjpeg-turbo, as compiled to WebAssembly by @cornerstonejs/codec-libjpeg-turbo-8bit

This software is based in part on the work of the Independent JPEG Group. libjpeg-turbo is covered by the IJG License and by the
Modified (3-clause) BSD License: https://github.com/libjpeg-turbo/libjpeg-turbo/blob/main/LICENSE.md`;

const UNUSED = "\0unused";

/** Leaves out the decoders of geotiff for compressions that src/cli/data/tiff.ts refuses or undoes itself. */
function withoutUnused() {
  const unused = ["./deflate.js", "./jpeg.js", "./lerc.js", "./webimage.js", "./zstd.js"];
  return {
    name: "without-unused",
    resolveId: (source, importer) => (slashed(importer ?? "").includes("/geotiff/") && unused.includes(source) ? UNUSED : null),
    load: (id) => (id === UNUSED ? "export default undefined; export const zstd = undefined" : null),
  };
}

/** Folders and files of the library, and the chunks that hold them: one for each row, or part of one, of .dependency-cruiser.mjs. */
const LIBRARY = {
  common: ["counted", "errors", "fileBytes", "options", "random", "typedArray", "tensor/foreign"],
  core: ["wasm/backoff", "wasm/core", "wasm/instance", "wasm/job", "wasm/memory", "wasm/parallel", "wasm/struct", "wasm/team", "tensor/"],
  ops: ["ops/"],
  losses: ["losses/"],
  metrics: ["metrics/"],
  nn: ["nn/"],
  optim: ["optim/"],
  threads: ["device/auto", "device/calibration", "device/threads/", "wasm/shared"],
  // alone, since nobody else imports it: bundlers leave out all that it imports when asked where it is not used
  openDevice: ["device/openDevice", "device/wasm"],
  setThreads: ["device/setThreads"],
  device: ["device/"],
  adapters: ["adapters/adapted", "adapters/lossName", "adapters/probabilities"],
  // not the entries, which have the names of chunks already
  training: ["model/"],
  summaries: ["sketch/"],
};
/** Packages that lie in a chunk of their own name, with what they bring along, and what of them is patched or embedded. */
const PACKAGES = ["cli-progress", "cli-table3", "commander", "fast-png", "geotiff", "npyjs"];

/** The chunk of a module. What is left out lies with whoever imports it. */
function chunkOf(id, { getModuleInfo }) {
  const path = slashed(id);
  if (id.includes("commonjsHelpers")) return "commonjs-helpers";
  if (path.includes("/node_modules/gpu.js/")) return "gpu-library";
  if (path.includes("/node_modules/@noble/hashes/")) return "hashes";
  if (path.includes("/node_modules/pako/") && !path.includes("/geotiff/")) return "deflate";
  if (id.includes("codec-libjpeg-turbo") || id.includes("lovasz-libjpeg")) return "cli/libjpeg";
  if (id === UNUSED) return "cli/geotiff";
  const name = PACKAGES.find((name) => path.includes(`/node_modules/${name}/`));
  if (name) return `cli/${name}`;
  if (id.endsWith(COPY) || path.includes("/node_modules/fast-check/") || path.includes("/node_modules/pure-rand/")) return "cli/fuzz-laws";
  const file = path.split("/build/js/")[1];
  if (file?.startsWith("cli/")) return commandChunkOf(id, file, getModuleInfo);
  // the entry that dynamic imports lead to, whose modules nobody else has
  if (file?.startsWith("device/gpu/")) return undefined;
  return file && libraryChunkOf(file);
}

const libraryChunkOf = (file) => Object.keys(LIBRARY).find((chunk) => LIBRARY[chunk].some((start) => file.startsWith(start)));

/** The same of declarations. */
function typesChunkOf(id) {
  const chunk = libraryChunkOf(slashed(id).split("/build/js/")[1] ?? "");
  return chunk && `${chunk}.d`;
}

/** What the command loads before it knows what to do lies in two chunks, each loaded as one; the rest, by folder. */
function commandChunkOf(id, file, getModuleInfo) {
  const main = join(id.slice(0, -file.length), MAIN);
  if (id === main) return undefined;
  if (loadedWith([main], getModuleInfo).has(id)) return "cli/start";
  if (loadedWith(getModuleInfo(main).dynamicallyImportedIds, getModuleInfo).has(id)) return "cli/program";
  const [, folder, inFolder] = file.split("/");
  return inFolder ? `cli/${folder}` : "cli/program";
}

const MAIN = "cli/main.js";

/** The modules `ids`, and all that they import at once. */
function loadedWith(ids, getModuleInfo, found = new Set()) {
  for (const id of ids) {
    if (found.has(id)) continue;
    found.add(id);
    loadedWith(getModuleInfo(id)?.importedIds ?? [], getModuleInfo, found);
  }
  return found;
}

/** Gives CommonJS modules the folder that they ask for in vain: what they would read there is embedded. */
function withoutDirname() {
  return {
    name: "without-dirname",
    transform: (code, id) => (id.includes("codec-libjpeg-turbo") ? code.replace("__dirname", '""') : null),
  };
}

/** Imports the main entry by the name of the package. */
function ofPackage() {
  const entry = fileURLToPath(new URL(entries.index, import.meta.url));
  const isEntry = (source, importer) => source.startsWith(".") && join(dirname(importer), source) === entry;
  return {
    name: "of-package",
    resolveId: (source, importer) => (importer && isEntry(source, importer) ? { id: "lovasz", external: true } : null),
  };
}

const COPY = "?command";

/**
 * Gives the command a copy of build/js/fuzz with a fast-check of its own: who installs the command alone has none, and lovasz/fuzz has to take that
 * of the user, whose properties run its arbitraries.
 */
function ownFastCheck() {
  const isFuzz = (id) => slashed(id).includes("/build/js/fuzz/");
  return {
    name: "own-fast-check",
    async resolveId(source, importer, options) {
      const from = importer?.replace(COPY, "");
      const isOwn = importer !== from || slashed(from ?? "").includes("/build/js/cli/");
      if (!isOwn) return null;
      if (source === "fast-check") return fileURLToPath(import.meta.resolve(source));
      const found = await this.resolve(source, from, { ...options, skipSelf: true });
      return found && isFuzz(found.id) && !found.id.endsWith(COPY) ? { ...found, id: found.id + COPY } : found;
    },
    load: (id) => (id.endsWith(COPY) ? readFileSync(id.slice(0, -COPY.length), "utf8") : null),
  };
}

/** Public entries, by the name of their file in dist/, and where tsc wrote them. */
const entries = {
  index: "build/js/index.js",
  fuzz: "build/js/fuzz/index.js",
  sketch: "build/js/sketch/index.js",
  model: "build/js/model/index.js",
  tfjs: "build/js/adapters/tfjs.js",
  jax: "build/js/adapters/jax.js",
  "js-pytorch": "build/js/adapters/js-pytorch.js",
};

const outside = [...builtinModules, ...Object.keys(peerDependencies)];
const external = (id, importer) =>
  id.startsWith("node:") || (!importer?.endsWith(COPY) && outside.some((name) => id === name || id.startsWith(`${name}/`)));

/** Writes scripts of a page without what only people read. */
function minified() {
  return {
    name: "minified",
    renderChunk: async (code) => (await transform(code, { minify: true, format: "esm", target: "es2022", legalComments: "none" })).code,
  };
}

const STATIC = new URL("src/paint/static/", import.meta.url);

/** The files of the page that are no scripts, and its service worker, which lists them all. */
function page() {
  return {
    name: "page",
    async generateBundle(_, bundle) {
      for (const fileName of readdirSync(STATIC))
        if (fileName !== "sw.js") this.emitFile({ type: "asset", fileName, source: readFileSync(new URL(fileName, STATIC)) });
      const files = Object.values(bundle).map(({ fileName, code, source }) => [fileName, code ?? source]);
      this.emitFile({ type: "asset", fileName: "sw.js", source: await serviceWorker(Object.fromEntries(files)) });
    },
  };
}

/** The service worker of a page of these files, text or bytes by name. */
export async function serviceWorker(files) {
  const hash = (data) => createHash("sha256").update(data).digest("base64");
  const hashes = Object.fromEntries(Object.keys(files).map((name) => [name, hash(files[name])]));
  const [text, html] = ["sw.js", "index.html"].map((name) => readFileSync(new URL(name, STATIC), "utf8"));
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1];
  if (policy === undefined) throw new Error("index.html without a Content-Security-Policy");
  const constants = { FILES: hashes, VERSION: hash(JSON.stringify(hashes)), POLICY: policy };
  const listed = Object.entries(constants).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`);
  return (await transform(listed.join("") + text, { minify: true, target: "es2022" })).code;
}

/** The licences of what the page is made of, as it may be served alone. */
function pageLicences() {
  const template = (packages) => packages.map((one) => `${one.name} ${one.version}\n\n${one.licenseText}`).join("\n\n");
  return license({ thirdParty: { output: { file: "dist/paint/licences.txt", template } } });
}

export default [
  {
    input: {
      ...entries,
      cli: "build/js/cli/main.js",
      gpu: "build/js/device/gpu/openGpu.js",
    },
    output: {
      dir: "dist",
      format: "esm",
      chunkFileNames: "[name].js",
      minifyInternalExports: false,
      banner: notices,
      manualChunks: chunkOf,
    },
    external,
    plugins: [
      embed(),
      withoutUnused(),
      ownFastCheck(),
      resolve({ ignoreSideEffectsForRoot: true }),
      commonjs(),
      withoutDirname(),
      licences(),
    ],
  },
  // the learner of the page for bench/, not published
  {
    input: { learner: "build/js/paint/learner/Learner.js" },
    output: { dir: "build", format: "esm", inlineDynamicImports: true },
    external,
    plugins: [embed(), resolve()],
  },
  // parts of the command for the programs in examples/ and bench/, not published: the pictures of the built-in example, the names of losses
  ...Object.entries({ example: "cli/data/example.js", losses: "cli/model/losses.js" }).map(([name, file]) => ({
    input: { [name]: `build/js/${file}` },
    output: { dir: "build", format: "esm", inlineDynamicImports: true },
    external: (id) => external(id) || ["fast-png", "geotiff"].includes(id),
    plugins: [ofPackage(), embed(), resolve(), commonjs(), withoutDirname()],
  })),
  // the script of the workers, whole in itself: whoever serves it has one file to serve
  { input: { worker: "build/js/device/threads/worker.js" }, output: { dir: "dist", format: "esm" }, external, plugins: [embed()] },
  // the page of `lovasz paint`, whole in its folder; its threads run worker.js
  {
    input: {
      paint: "build/js/paint/main.js",
      learner: "build/js/paint/learner/worker.js",
      worker: "build/js/device/threads/worker.js",
    },
    output: { dir: "dist/paint", format: "esm", chunkFileNames: "[name].js" },
    plugins: [embed(), resolve({ browser: true, ignoreSideEffectsForRoot: true }), minified(), page(), pageLicences()],
  },
  {
    // declarations without what is not exported
    input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, file.replace(/js$/, "d.ts")])),
    output: { dir: "dist", format: "esm", chunkFileNames: "[name].ts", minifyInternalExports: false, manualChunks: typesChunkOf },
    // what asc says of its binary, which none of our own declarations shows
    external: (id) => external(id) || slashed(id).endsWith("/build/release.js"),
    plugins: [dts(), augmented()],
  },
];

// The engines that `npm run bench -- where` can start, and how each is asked.
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { NoBrowser, openBrowser } from "../../test/helpers/chromium.mjs";
import { firefox, inFirefox } from "../../test/helpers/firefox.mjs";
import { pageIn } from "../../test/helpers/pageIn.mjs";
import { ISOLATED, serve } from "../../test/helpers/serve.mjs";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const FOLDERS = { "/dist/": new URL("../../dist/", import.meta.url), "/bench/": new URL("../", import.meta.url) };

/** An expression for a page: what its worker does, and its GPUs, which some browsers give to the document alone. */
const SCRIPT = `Promise.all([
  new Promise((done, fail) => {
    const worker = new Worker("/bench/where/worker.mjs", { type: "module" });
    worker.onmessage = ({ data }) => (data.error ? fail(data.error) : done(data.answer));
    worker.onerror = ({ message }) => fail(message ?? "the worker cannot be loaded");
  }),
  Promise.all([import("/bench/where/conformance.mjs"), import("/dist/index.js")]).then(([{ gpus }, lovasz]) => gpus(lovasz)),
]).then(([own, gpus]) => ({ ...own, ...gpus }))`;

/** Where Debian and its kin put the browser that comes with WebKitGTK. */
const webkit = ["/usr/lib", "/usr/libexec"]
  .flatMap((folder) => listed(folder).map((name) => join(folder, name)))
  .flatMap((folder) => [folder, ...listed(folder).map((name) => join(folder, name))])
  .filter((folder) => /webkit2?gtk-[\d.]+$/.test(folder))
  .map((folder) => join(folder, "MiniBrowser"))
  .find(existsSync);
// a display in memory: WebKitGTK needs one, and without windows Firefox has no WebGL2
const display = spawnSync("xvfb-run", ["--help"]).status === 0 ? ["xvfb-run", "--auto-servernum"] : [];

/**
 * The engines: what `version` prints, null where there is none, and what it answers when asked. Those of npm lie in the folder `installed`.
 */
export function enginesIn(installed = ".") {
  const [packages, programs] = ["node_modules", "node_modules/.bin"].map((folder) => join(installed, folder));
  return [
    program("Node", process.execPath),
    program("Node", join(packages, "node22/bin/node")),
    program("Node", join(packages, "node24/bin/node")),
    program("Deno", join(programs, "deno"), "run", "--allow-all"),
    program("Bun", join(programs, "bun")),
    workerd(join(programs, "workerd")),
    { name: "Chromium", ...chromium() },
    {
      name: "Firefox",
      version: async () => firefox && versionOf(firefox),
      ask: () => inFirefox("", SCRIPT, FOLDERS, ISOLATED, display),
    },
    {
      name: "WebKitGTK",
      version: async () => webkit && versionOf(...display, webkit),
      ask: () => pageIn("WebKitGTK", [...display, webkit], { script: SCRIPT, folders: FOLDERS, headers: ISOLATED }),
    },
  ];
}

function program(name, path, ...args) {
  const ask = () => printed(path, [...args, here("print.mjs")]);
  return { name, version: async () => versionOf(path), ask };
}

// it takes a file with everything in it
function workerd(path) {
  const ask = async () => {
    const folder = mkdtempSync(join(tmpdir(), "lovasz-workerd-"));
    try {
      const files = { entryPoints: [here("workerd.mjs")], outfile: join(folder, "worker.mjs") };
      await build({ ...files, bundle: true, format: "esm", external: ["node:*"], logLevel: "error" });
      const worker = '(modules = [(name = "worker", esModule = embed "worker.mjs")], compatibilityDate = "2026-11-01")';
      const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);
const worker :Workerd.Worker = ${worker};`;
      writeFileSync(join(folder, "config.capnp"), config);
      return await printed(path, ["test", join(folder, "config.capnp")]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  return { name: "workerd", version: async () => versionOf(path), ask };
}

function chromium() {
  const opened = openBrowser().catch((error) => {
    if (error instanceof NoBrowser) return null;
    throw error;
  });
  const ask = async () => {
    const browser = await opened;
    const site = await serve(FOLDERS, ISOLATED);
    try {
      const page = await browser.newPage();
      await page.goto(site.url);
      return await page.evaluate(SCRIPT);
    } finally {
      await browser.close();
      await site.close();
    }
  };
  return { version: async () => (await opened)?.version(), ask };
}

async function printed(path, args) {
  const { stdout } = await promisify(execFile)(path, args, { timeout: 60_000 });
  return JSON.parse(stdout.split("\n").find((line) => line.startsWith("{")));
}

function versionOf(program, ...args) {
  const { stdout, stderr, status } = spawnSync(program, [...args, "--version"], { encoding: "utf8" });
  return status === 0 ? /\d[\w.-]*/.exec(stdout || stderr)?.[0] : null;
}

function listed(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

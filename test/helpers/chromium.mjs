// A real Chromium for tests and benches: the system's own, or else the one of @sparticuz/chromium, unpacked once a machine.
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const flags = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-unsafe-swiftshader",
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** That this machine has no browser to start, and why. */
export class NoBrowser extends Error {}

/**
 * A headless Chromium with WebGPU and WebGL2 in software; `realGpu` leaves the choice of the adapter to the browser, and `engine` are flags
 * of V8. The caller closes it.
 * @param {{ realGpu?: boolean, engine?: string }} [options]
 */
export async function openBrowser({ realGpu = false, engine = "" } = {}) {
  const executablePath = installed() ?? (await unpacked());
  const args = realGpu ? flags.filter((flag) => !flag.includes("swiftshader")) : [...flags];
  if (engine) args.push(`--js-flags=${engine}`);
  try {
    return await chromium.launch({ executablePath, args });
  } catch (cause) {
    const missing = /error while loading shared libraries: \S+/.exec(String(cause));
    if (missing) throw new NoBrowser(`${executablePath}: ${missing[0]}`, { cause });
    throw cause;
  }
}

function installed() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = ["chromium", "chromium-browser", "google-chrome"].flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(runs);
}

/** @param {string} path */
function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const require = createRequire(import.meta.url);

async function unpacked() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new NoBrowser(`no Chromium on the PATH, and @sparticuz/chromium has none for ${process.platform} ${process.arch}`);
  }
  const entry = require.resolve("@sparticuz/chromium");
  const { version } = JSON.parse(readFileSync(join(entry, "../../../package.json"), "utf8"));
  const folder = join(tmpdir(), `lovasz-chromium-${version}`);
  if (!existsSync(folder)) await unpackInto(folder, entry);
  return join(folder, "chromium");
}

// the package unpacks into the temporary folder, whatever lies there half-written: a private one, then renamed, serves several
// processes at once
/** @param {string} folder @param {string} entry */
async function unpackInto(folder, entry) {
  const own = mkdtempSync(`${folder}-`);
  const code = `require(${JSON.stringify(entry)}).executablePath()`;
  try {
    await promisify(execFile)(process.execPath, ["-e", code], { env: { ...process.env, TMPDIR: own } });
    renameSync(own, folder);
  } catch (cause) {
    rmSync(own, { recursive: true });
    if (!existsSync(folder)) throw cause;
  }
}

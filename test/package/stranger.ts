// A project of somebody else: an empty folder with the packed package installed, and nothing of this checkout.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const root = new URL("../../", import.meta.url);
const execute = promisify(execFile);
// on Windows npm and npx are scripts for a shell, as are the commands of packages
const shellFor = (program: string) => process.platform === "win32" && program !== process.execPath && program !== "node";

export interface Stranger {
  /** The project's folder. */
  readonly folder: string;
  /** The packed package. */
  readonly tarball: string;
  /** What a program prints there; rejects, with what it said, where it fails. */
  run(program: string, ...args: string[]): Promise<string>;
  /** Writes a file of the project. */
  write(file: string, text: string): void;
  remove(): void;
}

/** Packs what is built, and installs it. */
export async function openStranger(): Promise<Stranger> {
  const folder = mkdtempSync(join(tmpdir(), "lovasz-stranger-"));
  const run = async (program: string, ...args: string[]) =>
    (await execute(program, args, { cwd: folder, shell: shellFor(program) })).stdout;
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  // scripts would build anew, under the feet of other tests
  const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = await execute("npm", pack, { cwd: root, shell: shellFor("npm") });
  const [{ filename }] = JSON.parse(stdout);
  write("package.json", JSON.stringify({ name: "stranger", version: "1.0.0", private: true, type: "module" }));
  await run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", `./${filename}`);
  return { folder, tarball: join(folder, filename), run, write, remove: () => rmSync(folder, { recursive: true }) };
}

// Formats and lints assembly/ with Biome; with --write, mends what can be. AssemblyScript has decorators of functions, which to Biome
// are errors: it reads a copy where comments stand in their place, line for line.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
const MARK = "// decorator: ";
const write = process.argv.includes("--write");

const folder = mkdtempSync(join(tmpdir(), "lovasz-assembly-"));
try {
  cpSync(join(root, "assembly"), join(folder, "assembly"), { recursive: true });
  const files = readdirSync(join(folder, "assembly"), { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join("assembly", name));
  for (const file of files) change(join(folder, file), join(folder, file), /^( *)(@[a-z]+)$/gm, `$1${MARK}$2`);

  const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  const own = { ...config, $schema: undefined, vcs: undefined, files: { includes: ["assembly/**/*.ts"] } };
  writeFileSync(join(folder, "biome.json"), JSON.stringify(own));
  const { status } = spawnSync(process.execPath, [biome, "check", ...(write ? ["--write"] : []), "assembly"], {
    cwd: folder,
    stdio: "inherit",
  });
  if (write) for (const file of files) change(join(folder, file), join(root, file), new RegExp(`^( *)${MARK}(@[a-z]+)$`, "gm"), "$1$2");
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}

function change(from, to, pattern, replacement) {
  writeFileSync(to, readFileSync(from, "utf8").replace(pattern, replacement));
}

// Python, for tests that hold us against PyTorch itself.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The command of a Python that has all of `modules`; undefined, with a message, where there is none. */
export function pythonWith(modules: readonly string[], skipped: string): string | undefined {
  const imports = modules.map((name) => `import ${name}`).join("; ");
  const python = ["python3", "/usr/bin/python3"].find((name) => spawnSync(name, ["-c", imports]).status === 0);
  if (!python) console.warn(`skipped: ${skipped}, as python3 cannot import ${modules.join(" and ")}`);
  return python;
}

/** The Python in a page of the documentation, block by block. */
export function pythonOf(page: string): string[] {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");
  return [...text.matchAll(/```python\n([\s\S]*?)```/g)].map(([, code]) => code);
}

/** What the script in the file `url`, run in the folder `cwd`, answers to `request`, both JSON. */
export function askPython(python: string, url: URL, request: unknown, cwd?: string): unknown {
  const { stdout, stderr, status } = spawnSync(python, [fileURLToPath(url)], { input: JSON.stringify(request), maxBuffer: 2 ** 28, cwd });
  if (status !== 0) throw new Error(stderr.toString());
  return JSON.parse(stdout.toString());
}

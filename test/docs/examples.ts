// The examples in docstrings: an `@example` with a block of ```js, in which the comment behind a console.log says what it prints.
import { readdirSync, readFileSync } from "node:fs";
import { format } from "node:util";
import { WORKER } from "../helpers/worker.js";

export interface Example {
  /** The function or class that it shows. */
  name: string;
  file: string;
  code: string;
  /** What it says that it prints, line by line. */
  output: string[];
}

const DOCUMENTED = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:abstract |async )?(?:function|class|const) (\w+)/g;
const BLOCK = /@example\s+```js\n([\s\S]*?)```/g;
const PRINTED = /console\.log\(.*\); \/\/ (.*)$/gm;

/** The examples of all exported functions, classes and constants of src/. */
export function examples(): Example[] {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return files.sort().flatMap((file) => examplesOf(`src/${file}`));
}

function examplesOf(file: string): Example[] {
  return [...readFileSync(file, "utf8").matchAll(DOCUMENTED)].flatMap(([, comment, name]) => {
    const text = comment.replace(/^ \* ?/gm, "");
    return [...text.matchAll(BLOCK)].map(([, code]) => ({
      name,
      file,
      code,
      output: [...code.matchAll(PRINTED)].map(([, line]) => line),
    }));
  });
}

const ENTRIES: Record<string, () => Promise<unknown>> = {
  lovasz: async () => {
    const all = await import("../../src/index.js");
    // beside the sources there is no script of the workers
    return { ...all, setThreads: (n: number) => all.setThreads(n, { worker: WORKER }) };
  },
  "lovasz/fuzz": () => import("../../src/fuzz/index.js"),
  "lovasz/sketch": () => import("../../src/sketch/index.js"),
  "lovasz/model": () => import("../../src/model/index.js"),
  "lovasz/tfjs": () => import("../../src/adapters/tfjs.js"),
  "lovasz/jax": () => import("../../src/adapters/jax.js"),
  "lovasz/js-pytorch": () => import("../../src/adapters/js-pytorch.js"),
};

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;

/** What `code` prints, line by line, run with the sources in place of the package. */
export async function printedBy(code: string): Promise<string[]> {
  const lines: string[] = [];
  const log = (...values: unknown[]) => lines.push(format(...values));
  const load = (module: string) => (ENTRIES[module] ? ENTRIES[module]() : import(module));
  const body = code.replace(/^import (?:\* as )?(.+) from "(.+)";$/gm, 'const $1 = await load("$2");');
  await new AsyncFunction("load", "console", body)(load, { log });
  return lines;
}

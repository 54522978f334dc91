// A reporter for vitest, which itself only says "Worker exited unexpectedly": names the files whose process died, and says what it died of
// and wrote at last. Lists the files in build/unended.txt, if nothing else went wrong.
import { subscribe } from "node:diagnostics_channel";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";

const LIST = "build/unended.txt";
/** Characters of what a process wrote at last. */
const LAST = 3000;

export default class Unended {
  #deaths = [];
  #running = new Set();

  constructor() {
    rmSync(LIST, { force: true });
    subscribe("child_process", ({ process: child }) => {
      // which is told in the same turn, before it has streams
      setImmediate(() => this.#watch(child));
    });
  }

  #watch(child) {
    if (!child.spawnargs?.some((argument) => argument.includes("vitest"))) return;
    let written = "";
    child.stderr?.on("data", (data) => {
      written = (written + data).slice(-LAST);
    });
    child.on("exit", (code, signal) => {
      // vitest itself ends them by SIGTERM
      if (code !== 0 && signal !== "SIGTERM")
        this.#deaths.push(`a process of tests died of ${signal ?? `code ${code}`}, after it wrote:\n${written}`);
    });
  }

  onTestCaseReady(test) {
    this.#running.add(test);
  }

  onTestCaseResult(test) {
    this.#running.delete(test);
  }

  onTestRunEnd(modules, errors) {
    const unended = modules.filter((module) => !["passed", "failed", "skipped"].includes(module.state()));
    for (const module of unended) {
      console.error(`did not end: ${module.relativeModuleId}`);
      for (const test of this.#running) if (test.module === module) console.error(`  in "${test.fullName}"`);
    }
    for (const death of this.#deaths) console.error(death);
    const isAll = errors.every(({ message }) => message.includes("Worker forks emitted error"));
    if (unended.length === 0 || !isAll || modules.some((module) => module.state() === "failed")) return;
    mkdirSync("build", { recursive: true });
    writeFileSync(LIST, unended.map((module) => `${module.relativeModuleId}\n`).join(""));
  }
}

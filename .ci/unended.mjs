// A reporter for vitest: names the files whose process died, and what it died of, where vitest itself only says
// "Worker exited unexpectedly".
import { subscribe } from "node:diagnostics_channel";

export default class Unended {
  #deaths = [];
  #running = new Set();

  constructor() {
    subscribe("child_process", ({ process: child }) => {
      child.on("exit", (code, signal) => {
        // vitest itself ends them by SIGTERM
        if (code === 0 || signal === "SIGTERM") return;
        if (child.spawnargs.some((argument) => argument.includes("vitest"))) this.#deaths.push(signal ?? `code ${code}`);
      });
    });
  }

  onTestCaseReady(test) {
    this.#running.add(test);
  }

  onTestCaseResult(test) {
    this.#running.delete(test);
  }

  onTestRunEnd(modules) {
    for (const module of modules) {
      if (["passed", "failed", "skipped"].includes(module.state())) continue;
      console.error(`did not end: ${module.relativeModuleId}`);
      for (const test of this.#running) if (test.module === module) console.error(`  in "${test.fullName}"`);
    }
    if (this.#deaths.length > 0) console.error(`processes of tests died of: ${this.#deaths.join(", ")}`);
  }
}

// To be imported before the program: kills the process just before it changes a file for the KILL_AT-th time; where it changes fewer, writes
// how many to the file COUNT_TO as it ends.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

let count = 0;
if (isMainThread) {
  for (const name of ["writeFileSync", "renameSync", "rmSync", "rmdirSync", "mkdirSync"]) {
    const original = fs[name];
    fs[name] = (...args) => {
      count++;
      if (count === Number(process.env.KILL_AT)) process.kill(process.pid, "SIGKILL");
      return original(...args);
    };
  }
  const { writeFileSync } = fs;
  process.on("exit", () => {
    if (process.env.COUNT_TO) writeFileSync(process.env.COUNT_TO, String(count));
  });
  syncBuiltinESMExports();
}

#!/usr/bin/env node
// The command `lovasz`.
import { closeSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import { plain } from "./plain.js";
import { isNohup } from "./run/nohup.js";

const terminals = [0, 1, 2].filter((stream) => isatty(stream));

// a reader that stops early, such as head, or a closed terminal must not end a training
process.stderr.on("error", () => {});
process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
  if (code === "EPIPE" || (code === "EIO" && terminals.includes(1)) || process.exitCode) return;
  process.stderr.write(`lovasz: standard output cannot be written to: ${message}\n`);
  process.exitCode = 1;
});
// without a listener Node ends at SIGHUP, whatever nohup asked for
if (isNohup()) process.on("SIGHUP", () => {});
// Node 20 restores the settings of its terminals as it ends, and aborts where one was closed
process.on("exit", () => {
  for (const stream of terminals) if (!isatty(stream)) closeSync(stream);
});

// A loss of the user runs in this process: it may end the process, or leave a rejection unhandled.
let isDone = false;
process.on("exit", (code) => {
  if (isDone || code !== 0) return;
  writeSync(2, "lovasz: the program was ended before its work was done; look for process.exit() in the module\n");
  process.exitCode = 1;
});
process.on("unhandledRejection", (error) => {
  isDone = true;
  writeSync(2, `lovasz: unhandled rejection: ${plain(error instanceof Error ? error.message : String(error))}\n`);
  process.exit(1);
});

// no top-level await: program.js imports from this module, which would wait for itself
void main();

async function main(): Promise<void> {
  try {
    // fails where there is no WebAssembly
    const { run } = await import("./program.js");
    const code = await run(process.argv.slice(2));
    process.exitCode ||= code;
  } catch (error) {
    writeSync(2, `lovasz: ${plain(error instanceof Error ? error.message : String(error))}\n`);
    process.exitCode = 1;
  }
  isDone = true;
  // Timers and servers that the user's loss left running must not keep the program alive. But a pipe may be read slowly, and a failure
  // of standard output is reported on standard error.
  await written(process.stdout);
  await written(process.stderr);
  process.exit();
}

// resolves once all earlier writes to `stream` have been flushed or have failed
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}

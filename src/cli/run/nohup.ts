// Whether nohup started this program. nohup ignores SIGHUP for what it starts, but Node sets ignored signals back to what they
// do by default before it runs any script: two traces remain. Programs pass both on to their children, as
// they pass on ignored signals.
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** Whether nohup started this program, as far as can be told. */
export function isNohup(): boolean {
  // shells set _ to the program that they start
  return /^g?nohup$/.test(basename(process.env._ ?? "")) || isStdinWriteOnly();
}

// GNU nohup replaces a terminal on standard input with /dev/null, opened for writing.
function isStdinWriteOnly(): boolean {
  try {
    const [, flags] = /^flags:\s*([0-7]+)$/m.exec(readFileSync("/proc/self/fdinfo/0", "latin1")) as RegExpExecArray;
    return (Number.parseInt(flags, 8) & 3) === 1;
  } catch {
    // not Linux
    return false;
  }
}

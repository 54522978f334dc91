// Whether nohup started this program. nohup ignores SIGHUP for what it starts, but Node sets ignored signals back to what they
// do by default before it runs any script: what is left are two marks. Programs pass both on to those that they start, as they
// pass on ignored signals.
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** Whether nohup started this program, as far as can be told. */
export function isNohup(): boolean {
  // shells name in _ the program that they start
  return /^g?nohup$/.test(basename(process.env._ ?? "")) || isStdinWriteOnly();
}

// What nohup of GNU puts in place of a terminal: /dev/null, opened to be written.
function isStdinWriteOnly(): boolean {
  try {
    const [, flags] = /^flags:\s*([0-7]+)$/m.exec(readFileSync("/proc/self/fdinfo/0", "latin1")) as RegExpExecArray;
    return (Number.parseInt(flags, 8) & 3) === 1;
  } catch {
    // no Linux
    return false;
  }
}

// The loss that a call of `lovasz fuzz` names: in a module, in a program, or in Python.
import type { LossUnderTest } from "../../fuzz/lossCase.js";
import type { Precision } from "../../fuzz/precision.js";
import { WrongCall } from "../exits.js";
import { loadLoss } from "../model/lossModule.js";
import type { Head } from "./lines.js";
import { openProgram } from "./program.js";
import { pythonCommand } from "./python.js";

/** Options that name a loss. */
export interface LossOptions {
  readonly exec?: string;
  readonly python?: string;
  readonly torch?: boolean;
  readonly interpreter?: string;
  /** That of the values of a function in Python. */
  readonly precision?: Precision;
  /** Seconds for a call. */
  readonly timeout?: number;
}

/** A loss under test. */
export interface OpenLoss {
  /** For messages. */
  readonly name: string;
  readonly loss: LossUnderTest;
  /** The name by which a module exports it; empty for others. */
  readonly exported: string;
  /** What a program says of its loss. */
  readonly head: Head;
  /** How many laws to check at once, so that a program always has a call to answer. */
  readonly atOnce: number;
  close(): void;
}

const TIMEOUT = 30;
const AT_ONCE = 8;

/** Opens the loss. Throws `WrongCall` where the options do not name one, and `LovaszError` "data" where it cannot be loaded. */
export async function openLoss(module: string | undefined, options: LossOptions): Promise<OpenLoss> {
  const { exec, python, torch = false, interpreter, precision, timeout } = options;
  if ([module, exec, python].filter((one) => one !== undefined).length !== 1) {
    throw new WrongCall("pass one loss: a module in JavaScript, --exec with a command, or --python with module:function");
  }
  if (python === undefined && (torch || interpreter !== undefined)) {
    throw new WrongCall(`${torch ? "--torch" : "--interpreter"} is for --python; leave it out`);
  }
  if (module !== undefined) {
    if (timeout !== undefined) throw new WrongCall("--timeout is for --exec and --python; a module has 30 s for each call");
    const { loss, name: exported } = await loadLoss(module);
    return { name: module, loss, exported, head: {}, atOnce: 1, close: () => {} };
  }
  const command = exec ?? pythonCommand({ target: python as string, torch, interpreter: interpreter ?? "python3", precision });
  const { head, loss, close } = await openProgram({ command, timeout: timeout ?? TIMEOUT });
  return { name: (exec ?? python) as string, loss, exported: "", head, atOnce: AT_ONCE, close };
}

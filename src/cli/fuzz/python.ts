// A loss in Python, which the bridge calls (bridge.py).
import source from "lovasz-bridge";
import type { Precision } from "../../fuzz/precision.js";
import { WrongCall } from "../exits.js";
import type { Start } from "./program.js";

/** How to start Python with the bridge. */
export interface PythonOptions {
  /** module:function */
  readonly target: string;
  /** Whether the function takes tensors of torch. */
  readonly torch: boolean;
  readonly interpreter: string;
  /** That of the values, if not the one that the function names. */
  readonly precision?: Precision;
}

/** The command that starts the bridge. Throws `WrongCall`. */
export function pythonCommand({ target, torch, interpreter, precision }: PythonOptions): Start["command"] {
  if (!/^[^:]+:[^:]+$/.test(target) || target.includes("/") || target.startsWith("-")) {
    throw new WrongCall(`--python is ${JSON.stringify(target)}, expected module:function, such as my_loss:loss for my_loss.py here`);
  }
  return [interpreter, "-c", source, target, ...(torch ? ["--torch"] : []), ...(precision ? [precision] : [])];
}

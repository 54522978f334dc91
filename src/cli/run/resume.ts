// Finds a run that is to go on.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { WrongCall } from "../exits.js";
import { version } from "../version.js";
import { type Begun, Checkpoints } from "./checkpoints.js";
import { CHECKPOINT, RunFolder } from "./runFolder.js";

/**
 * How the run in the folder `path` was begun; null where it has ended, and there is nothing to continue. Throws `WrongCall` where the folder
 * is none of a run, or of another version of this package, whose results would be others.
 */
export function begunAt(path: string): Begun | null {
  const begun = new Checkpoints(join(path, CHECKPOINT)).begun();
  if (begun === null) {
    if (existsSync(join(path, "metrics.json"))) {
      // it may have been killed at the very end
      RunFolder.reopen(path).tidy();
      return null;
    }
    const what = existsSync(path) ? "holds no run of lovasz train that can be continued" : "does not exist";
    throw new WrongCall(`${path} ${what}; pass the folder that --out named, or that the run printed`);
  }
  if (begun.version === version) return begun;
  const cure = `use that version: npx lovasz@${begun.version} train --resume`;
  throw new WrongCall(`${path} was begun by lovasz ${begun.version}, and this is ${version}, which may train otherwise; ${cure}`);
}

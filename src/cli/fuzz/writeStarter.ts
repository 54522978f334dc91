// A whole call of `lovasz fuzz --init python`.
import { existsSync } from "node:fs";
import source from "lovasz-starter";
import { WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { absolute } from "../workingFolder.js";
import { writeWhole } from "../writeWhole.js";

const FILE = "my_loss.py";

/** Writes a loss in Python to fill in, into the working directory. Throws `WrongCall` where the file exists. */
export function writeStarter(io: Io): void {
  const path = absolute(FILE);
  if (existsSync(path)) throw new WrongCall(`${FILE} exists; move it, or check it with lovasz fuzz --python my_loss:loss --kind hinge`);
  writeWhole(path, source);
  io.stdout.write(`${FILE} is a Lovász hinge to fill in; check it with: npx lovasz fuzz --python my_loss:loss --kind hinge\n`);
}

// Tells where the results of a run are, and how to go on with it.
import { join } from "node:path";
import { plain } from "../plain.js";
import { fromHere } from "../workingFolder.js";

/** Lines that name the folder `path` of the results; the call asked for the folder `asked`, or for none (null). */
export function saved(path: string, asked: string | null): string {
  const report = `report: ${plain(fromHere(join(path, "report.html")))}\n`;
  if (asked === null || asked === path) return report;
  return `${plain(`${asked} was taken while this run was under way; its results are in ${path}`)}\n${report}`;
}

/** A line that says how the run in the folder `path` goes on. */
export function howToGoOn(path: string): string {
  return `to continue: lovasz train --resume ${asArgument(plain(fromHere(path)))}\n`;
}

// as a shell reads it as one word, and the command as no option
function asArgument(path: string): string {
  const told = path === "" ? "." : path.startsWith("-") ? `./${path}` : path;
  return /^[\w./\\:@%+,=-]+$/.test(told) ? told : `"${told}"`;
}

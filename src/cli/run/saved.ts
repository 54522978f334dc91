// What a run says of where its results are.
import { join } from "node:path";
import { plain } from "../plain.js";
import { fromHere } from "../workingFolder.js";

/** The lines on results in the folder `path`, where the call asked for `asked` (null: for none). */
export function saved(path: string, asked: string | null): string {
  const report = `report: ${plain(fromHere(join(path, "report.html")))}\n`;
  if (asked === null || asked === path) return report;
  return `${plain(`${asked} was taken while this run was under way; its results are in ${path}`)}\n${report}`;
}

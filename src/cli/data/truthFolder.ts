// Where the masks of a data folder lie.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { LabelOptions } from "./labelling.js";

/** The folder of the masks, or maps of class numbers, of the data folder `data`; masks whose colours are classes may lie in either. */
export function truthFolder(data: string, { classes, colours }: Pick<LabelOptions, "classes" | "colours">): string {
  const isMasks = classes === null || (colours && !existsSync(join(data, "classes")));
  return join(data, isMasks ? "masks" : "classes");
}

// Whether pictures are the same as before.
import { createHash } from "node:crypto";
import type { Picture } from "../data/picture.js";
import type { Data } from "./run.js";

/** A text that differs where pictures, their order, their sizes or how much each class has differ. Values of pixels are not compared. */
export function fingerprint({ training, validation }: Pick<Data, "training" | "validation">): string {
  const known = (pictures: readonly Picture[]) =>
    pictures.map(({ name, width, height, counts, ignored }) => [name, width, height, counts, ignored]);
  return createHash("sha256")
    .update(JSON.stringify([known(training), known(validation)]))
    .digest("hex");
}

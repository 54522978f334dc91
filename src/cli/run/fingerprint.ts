// Whether pictures are the same as before.
import { createHash } from "node:crypto";
import type { Data } from "./run.js";

/** A text that differs where pictures, their names or their labels differ, or their order. */
export async function fingerprint({ training, validation }: Pick<Data, "training" | "validation">): Promise<string> {
  const hash = createHash("sha256").update(String(training.length));
  for (const picture of [...training, ...validation]) {
    const { name, width, height } = picture;
    const { rgb, labels } = await picture.read();
    const bytes = new Uint8Array(rgb.buffer, rgb.byteOffset, rgb.byteLength);
    hash
      .update(JSON.stringify([name, width, height]))
      .update(bytes)
      .update(labels);
  }
  return hash.digest("hex");
}

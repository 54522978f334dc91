// The pictures of the benches of the page, with their truth.
import { readdirSync, readFileSync } from "node:fs";
import { decode } from "fast-png";

const folder = new URL("../../../shared/data/nuclei/val/", import.meta.url);

/** The first `count` pictures by name of shared/data/nuclei/val: { name, path, width, height, picture, truth }. */
export function pictures(count) {
  const names = readdirSync(new URL("images/", folder)).sort().slice(0, count);
  return names.map((name) => {
    const path = new URL(`images/${name}`, folder);
    const picture = decode(readFileSync(path));
    const mask = decode(readFileSync(new URL(`masks/${name}`, folder)));
    const truth = Uint8Array.from({ length: mask.width * mask.height }, (_, i) => Number(mask.data[i * mask.channels] > 0));
    return { name, path, width: mask.width, height: mask.height, picture, truth };
  });
}

// Writes a picture of docs/.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export function save(name, svg) {
  const file = fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
  writeFileSync(file, svg);
  console.error(`wrote ${file}`);
}

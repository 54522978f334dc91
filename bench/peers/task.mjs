// A training task that every contender of bench/training.mjs solves: the same network from the same weights, on the same pictures.
import { readFileSync } from "node:fs";
import { nn } from "../../dist/index.js";
import { binaryLabels, normals } from "../random.mjs";

const page = readFileSync(new URL("../../docs/networks.md", import.meta.url), "utf8");
const python = [...page.matchAll(/```python\n([\s\S]*?)```/g)].map(([, code]) => code).join("\n");

/** One line of JSON: the network's class, options and weights, random pictures [batch, 3, height, width] and their labels; arrays in base64. */
export function taskLine(network, options, [batch, height, width]) {
  const built = new nn[network](options);
  const state = Object.entries(built.stateDict()).map(([name, { shape, data }]) => ({ name, shape, data: base64(data) }));
  built.dispose();
  const pixels = batch * height * width;
  const task = {
    ...{ network, options, python, state },
    shape: [batch, 3, height, width],
    pixels: base64(normals(3 * pixels, 1)),
    labels: base64(binaryLabels(pixels, 0.3, 2)),
  };
  return JSON.stringify(task);
}

const base64 = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString("base64");

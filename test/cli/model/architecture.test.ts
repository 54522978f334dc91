import { expect, test } from "vitest";
import { type Architecture, architectureOf, build, inWords } from "../../../src/cli/model/architecture.js";

const unet = { network: "unet", width: 2, levels: 2, norm: "batch", upsample: "bilinear", dropout: 0.5 } as const;

test.each<[Architecture, string]>([
  [unet, "U-Net of width 2, 2 levels and batch norm"],
  [{ ...unet, levels: 1, norm: "none" }, "U-Net of width 2, 1 level and no norm"],
  [{ network: "fast-scnn", width: 3 }, "Fast-SCNN of width 3"],
])("%j is what its network says", (architecture, words) => {
  const network = build(architecture, 4, 9);
  expect(architectureOf(network)).toEqual(architecture);
  expect(network.options).toMatchObject({ inChannels: 3, outChannels: 4, seed: 9 });
  expect(inWords(architecture)).toBe(words);
  network.dispose();
});

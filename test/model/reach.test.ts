import { describe, expect, test } from "vitest";
import { nn, noGrad, tensor, tidy } from "../../src/index.js";
import { reachOf } from "../../src/model/reach.js";

/** How far away the logits are that change with a pixel of a row of `width`, at most. */
function farthest(network: nn.Module, width: number, pixels: readonly number[]): number {
  // With weights of 1, no bias and black around it, a pixel reaches exactly the logits that are not 0.
  const state = network.stateDict();
  for (const [name, { data }] of Object.entries(state)) data.fill(name.endsWith("bias") ? 0 : 1);
  network.loadStateDict(state);
  const far = pixels.map((pixel) => {
    const row = new Float32Array(3 * width);
    row[pixel] = 1;
    const logits = noGrad(() => tidy(() => network.forward(tensor(row, [1, 3, 1, width])).data.slice()));
    return Math.max(...Array.from(logits, (logit, i) => (logit !== 0 ? Math.abs(i - pixel) : 0)));
  });
  return Math.max(...far);
}

describe("reachOf", () => {
  test.each([
    [1, "nearest"],
    [2, "nearest"],
    [3, "nearest"],
    [3, "bilinear"],
    [4, "bilinear"],
    [4, "transposed"],
  ] as const)("knows how far a U-Net of %i levels sees, upsampling %s", (levels, upsample) => {
    const network = new nn.UNet({ width: 1, levels, upsample });
    const { margin, block, isLocal } = reachOf(network);
    const pixels = Array.from({ length: block }, (_, i) => 12 * block + i);
    expect({ margin, block, isLocal }).toEqual({ margin: farthest(network, 24 * block, pixels), block: 2 ** (levels - 1), isLocal: true });
    network.dispose();
  });

  test("knows which networks see the whole picture, or more than a tile may read", () => {
    const networks = [
      new nn.UNet({ width: 1, norm: "batch" }),
      new nn.UNet({ width: 1, norm: "group" }),
      new nn.UNet({ width: 1, levels: 6, upsample: "bilinear" }),
      new nn.UNet({ width: 1, levels: 8 }),
      new nn.FastSCNN({ width: 1 }),
      new nn.Conv2d(3, 1, 1),
    ];
    const reaches = networks.map((network) => reachOf(network));
    expect(reaches.map(({ isLocal }) => isLocal)).toEqual([true, true, true, false, false, false]);
    expect(reaches.map(({ hasStatistics }) => hasStatistics)).toEqual([false, true, false, false, false, true]);
    for (const network of networks) network.dispose();
  });
});

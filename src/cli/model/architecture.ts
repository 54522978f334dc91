// Which network is trained: what --network, --width, --levels and --norm, or a model to start from, say.
import { nn } from "../../index.js";
import type { SavedNetwork } from "../../model/savedNetwork.js";

/** All that a network is built from but the channels of its ends and the seed of its weights. */
export type Architecture =
  | ({ readonly network: "unet" } & Pick<Required<nn.UNetOptions>, "width" | "levels" | "norm" | "upsample" | "dropout">)
  | ({ readonly network: "fast-scnn" } & Pick<Required<nn.FastSCNNOptions>, "width">);

/** The architecture of `network`. */
export function architectureOf(network: SavedNetwork): Architecture {
  if (!(network instanceof nn.UNet)) return { network: "fast-scnn", width: network.options.width };
  const { width, levels, norm, upsample, dropout } = network.options;
  return { network: "unet", width, levels, norm, upsample, dropout };
}

/** A new network for pictures in colour. */
export function build({ network, ...options }: Architecture, outChannels: number, seed: number): SavedNetwork {
  const all = { ...options, inChannels: 3, outChannels, seed };
  return network === "unet" ? new nn.UNet(all) : new nn.FastSCNN(all);
}

/** For example "U-Net of width 8, 3 levels and batch norm". */
export function inWords(architecture: Architecture): string {
  if (architecture.network === "fast-scnn") return `Fast-SCNN of width ${architecture.width}`;
  const { width, levels, norm } = architecture;
  return `U-Net of width ${width}, ${levels} level${levels === 1 ? "" : "s"} and ${norm === "none" ? "no" : norm} norm`;
}

// Which modules can be exported, and how.
import { GELU, Hardswish, LeakyReLU, ReLU, ReLU6, Sigmoid, SiLU, Tanh } from "../../nn/activations.js";
import { BatchNorm2d } from "../../nn/BatchNorm2d.js";
import { Conv2d } from "../../nn/Conv2d.js";
import { ConvTranspose2d } from "../../nn/ConvTranspose2d.js";
import { Dropout } from "../../nn/Dropout.js";
import { Dropout2d } from "../../nn/Dropout2d.js";
import { FastSCNN } from "../../nn/FastSCNN.js";
import { Bottleneck, PyramidPooling } from "../../nn/fastScnnBlocks.js";
import { GroupNorm } from "../../nn/GroupNorm.js";
import type { Module } from "../../nn/module.js";
import { Sequential } from "../../nn/Sequential.js";
import { UNet } from "../../nn/UNet.js";
import { Upsample } from "../../nn/Upsample.js";
import type { Translate } from "./graph.js";
import * as layers from "./layers.js";
import * as networks from "./networks.js";

interface Kind {
  /** Null for a part of a network. */
  readonly name: string | null;
  isOf(module: Module): boolean;
  readonly translate: Translate;
}

type Class<M extends Module> = abstract new (...args: never[]) => M;

function kind<M extends Module>(name: string | null, own: Class<M>, translate: Translate<M>): Kind {
  // a class that extends this one may have a forward of its own
  const isOf = (module: Module) => module instanceof own && module.forward === own.prototype.forward;
  return { name, isOf, translate: translate as Translate };
}

// made when it is needed, so that bundlers leave it out where nobody exports
const kinds = (): readonly Kind[] => [
  kind("UNet", UNet, networks.unet),
  kind("FastSCNN", FastSCNN, networks.fastScnn),
  kind("Sequential", Sequential, layers.sequential),
  kind("Conv2d", Conv2d, layers.conv2d),
  kind("ConvTranspose2d", ConvTranspose2d, layers.convTranspose2d),
  kind("GroupNorm", GroupNorm, layers.groupNorm),
  kind("BatchNorm2d", BatchNorm2d, layers.batchNorm2d),
  kind("Upsample", Upsample, layers.upsample),
  kind("Dropout", Dropout, layers.dropout),
  kind("Dropout2d", Dropout2d, layers.dropout),
  kind("ReLU", ReLU, layers.activation("Relu")),
  kind("LeakyReLU", LeakyReLU, layers.leakyRelu),
  kind("ReLU6", ReLU6, layers.relu6),
  kind("Sigmoid", Sigmoid, layers.activation("Sigmoid")),
  kind("Tanh", Tanh, layers.activation("Tanh")),
  kind("SiLU", SiLU, layers.silu),
  kind("GELU", GELU, layers.gelu),
  kind("Hardswish", Hardswish, layers.activation("HardSwish")),
  kind(null, Bottleneck, networks.bottleneck),
  kind(null, PyramidPooling, networks.pyramidPooling),
];

/** Adds a module of nn to the graph. Throws `LovaszError` "option" for one that computes something else. */
export const translate: Translate = (graph, module, input) => {
  const all = kinds();
  const own = all.find((one) => one.isOf(module));
  if (own) return own.translate(graph, module, input);
  const known = all.flatMap(({ name }) => (name === null ? [] : [`nn.${name}`]));
  const came = module.constructor.name || "module of a class without a name";
  throw graph.wrong("option", `is a ${came}, which cannot be exported; build the network of ${known.join(", ")}`);
};

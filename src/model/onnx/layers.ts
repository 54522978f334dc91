// The layers of nn, each as nodes of ONNX that compute the same.
import type { LeakyReLU } from "../../nn/activations.js";
import type { BatchNorm2d } from "../../nn/BatchNorm2d.js";
import type { Conv2d } from "../../nn/Conv2d.js";
import type { ConvTranspose2d } from "../../nn/ConvTranspose2d.js";
import type { GroupNorm } from "../../nn/GroupNorm.js";
import type { Sequential } from "../../nn/Sequential.js";
import type { Upsample } from "../../nn/Upsample.js";
import type { Graph, Images, Translate } from "./graph.js";
import type { Attribute } from "./proto.js";

/** A convolution. */
export const conv2d: Translate<Conv2d> = (graph, { weight, bias, options }, input) => {
  const { stride, padding, dilation, groups } = options;
  const [channels, perGroup, kernel] = weight.shape;
  graph.checkChannels(input, groups * perGroup);
  const reach = dilation * (kernel - 1);
  const before = padding === "same" ? Math.floor(reach / 2) : padding;
  const after = padding === "same" ? reach - before : padding;
  const name = graph.node("Conv", [input.name, ...weightsOf(graph, [weight, bias])], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [before, before, after, after],
    dilations: [dilation, dilation],
    group: groups,
  });
  return { name, channels, extents: input.extents.map((extent) => Math.floor((extent + before + after - reach - 1) / stride) + 1) };
};

/** A transposed convolution. */
export const convTranspose2d: Translate<ConvTranspose2d> = (graph, { weight, bias, options }, input) => {
  const { stride, padding, outputPadding } = options;
  const [inChannels, channels, kernel] = weight.shape;
  graph.checkChannels(input, inChannels);
  const name = graph.node("ConvTranspose", [input.name, ...weightsOf(graph, [weight, bias])], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
    output_padding: [outputPadding, outputPadding],
  });
  return { name, channels, extents: input.extents.map((extent) => (extent - 1) * stride - 2 * padding + kernel + outputPadding) };
};

/** Batch normalisation by the running statistics. */
export const batchNorm2d: Translate<BatchNorm2d> = (graph, { weight, bias, running_mean, running_var, options }, input) => {
  graph.checkChannels(input, weight.size);
  const weights = weightsOf(graph, [weight, bias, running_mean, running_var]);
  return graph.map("BatchNormalization", input, weights, { epsilon: { float: options.eps } });
};

/** Group normalisation: opset 17 knows that of instances, whose channels are the groups here. */
export const groupNorm: Translate<GroupNorm> = (graph, { weight, bias, groups, options }, input) => {
  graph.checkChannels(input, weight.size);
  const grouped = graph.node("Reshape", [input.name, graph.integers([0, groups, -1])]);
  const [one, zero] = [1, 0].map((value) => graph.floats(new Array(groups).fill(value)));
  const normal = graph.node("InstanceNormalization", [grouped, one, zero], { epsilon: { float: options.eps } });
  const shaped = graph.node("Reshape", [normal, graph.node("Shape", [input.name])]);
  const perChannel = [weight.size, 1, 1];
  const scaled = graph.node("Mul", [shaped, graph.weight(weight, perChannel)]);
  return { ...input, name: graph.node("Add", [scaled, graph.weight(bias, perChannel)]) };
};

/** Upsampling. */
export const upsample: Translate<Upsample> = (graph, { options: { scale, mode, alignCorners } }, input) =>
  mode === "nearest"
    ? enlarged(graph, input, scale, { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" })
    : bilinear(graph, input, scale, alignCorners);

/** Bilinear upsampling. */
export function bilinear(graph: Graph, input: Images, scale: number, alignCorners = false): Images {
  return enlarged(graph, input, scale, {
    mode: "linear",
    coordinate_transformation_mode: alignCorners ? "align_corners" : "half_pixel",
  });
}

function enlarged(graph: Graph, input: Images, scale: number, attributes: Record<string, Attribute>): Images {
  // the second input is a region, which these modes do not read
  const output = graph.map("Resize", input, ["", graph.floats([1, 1, scale, scale])], attributes);
  return { ...output, extents: input.extents.map((extent) => scale * extent) };
}

/** Dropout, which does nothing after training. */
export const dropout: Translate = (_, __, input) => input;

/** Layers one after another. */
export const sequential: Translate<Sequential> = (graph, { layers }, input) =>
  layers.reduce((current, layer, i) => graph.inner(`layers.${i}`, layer, current), input);

/** An activation that is one node. */
export function activation(type: string): Translate {
  return (graph, _, input) => graph.map(type, input);
}

/** The leaky rectified linear unit. */
export const leakyRelu: Translate<LeakyReLU> = (graph, { slope }, input) => graph.map("LeakyRelu", input, [], { alpha: { float: slope } });

/** The rectified linear unit up to 6. */
export const relu6: Translate = (graph, _, input) => graph.map("Clip", input, [graph.floats([0], []), graph.floats([6], [])]);

/** x sigmoid(x) */
export const silu: Translate = (graph, _, input) => graph.map("Mul", input, [graph.node("Sigmoid", [input.name])]);

/** x (1 + erf(x / sqrt(2))) / 2 */
export const gelu: Translate = (graph, _, input) => {
  const erf = graph.node("Erf", [graph.node("Mul", [input.name, graph.floats([Math.SQRT1_2], [])])]);
  const doubled = graph.map("Mul", input, [graph.node("Add", [erf, graph.floats([1], [])])]);
  return graph.map("Mul", doubled, [graph.floats([0.5], [])]);
};

function weightsOf(graph: Graph, tensors: readonly (Parameters<Graph["weight"]>[0] | null)[]): string[] {
  return tensors.flatMap((tensor) => (tensor ? [graph.weight(tensor)] : []));
}

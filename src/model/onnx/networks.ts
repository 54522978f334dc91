// The networks of nn, whose forward does more than to apply layers one after another.
import type { FastSCNN } from "../../nn/FastSCNN.js";
import { type Bottleneck, PARTS, type PyramidPooling } from "../../nn/fastScnnBlocks.js";
import type { UNet } from "../../nn/UNet.js";
import type { Graph, Images, Translate } from "./graph.js";
import { bilinear, sequential } from "./layers.js";
import { onMultiplesOf } from "./wholeBlocks.js";

/** A U-Net. */
export const unet: Translate<UNet> = (graph, network, input) => {
  const { levels } = network.options;
  return onMultiplesOf(graph, 2 ** (levels - 1), input, (padded) => {
    const skips: Images[] = [];
    let current = padded;
    for (let i = 1; i < levels; i++) {
      skips.push(graph.inner(`down${i}`, network[`down${i}`], current));
      current = halved(graph, skips[i - 1]);
    }
    current = graph.inner("bottom", network.bottom, current);
    for (let i = levels - 1; i > 0; i--) {
      const up = graph.inner(`upsample${i}`, network[`upsample${i}`], current);
      current = graph.inner(`up${i}`, network[`up${i}`], joined(graph, [up, skips[i - 1]]));
    }
    return graph.inner("head", network.head, current);
  });
};

function halved(graph: Graph, input: Images): Images {
  const pooled = graph.map("MaxPool", input, [], { kernel_shape: [2, 2], strides: [2, 2] });
  return { ...pooled, extents: input.extents.map((extent) => Math.floor(extent / 2)) };
}

function joined(graph: Graph, images: readonly Images[]): Images {
  const name = graph.node(
    "Concat",
    images.map((one) => one.name),
    { axis: 1 },
  );
  return { ...images[0], name, channels: images.reduce((sum, { channels }) => sum + channels, 0) };
}

/** Fast-SCNN. */
export const fastScnn: Translate<FastSCNN> = (graph, network, input) =>
  onMultiplesOf(graph, 32, input, (padded) => {
    const fine = graph.inner("downsample", network.downsample, padded);
    const coarse = graph.inner("pyramid", network.pyramid, graph.inner("features", network.features, fine));
    const enlarged = graph.inner("fuseCoarse", network.fuseCoarse, bilinear(graph, coarse, 4));
    const fused = graph.map("Add", graph.inner("fuseFine", network.fuseFine, fine), [enlarged.name]);
    return bilinear(graph, graph.inner("classifier", network.classifier, graph.map("Relu", fused)), 8);
  });

/** Its bottleneck. */
export const bottleneck: Translate<Bottleneck> = (graph, module, input) => {
  const output = sequential(graph, module, input);
  return module.isResidual ? graph.map("Add", output, [input.name]) : output;
};

/** Its pyramid pooling. */
export const pyramidPooling: Translate<PyramidPooling> = (graph, { branches, join }, input) => {
  const shape = graph.node("Shape", [input.name]);
  const size = graph.node("Shape", [input.name], { start: 2 });
  const [height, width] = [2, 3].map((axis) => graph.node("Gather", [shape, graph.integers([axis], [])]));
  const enlarged = PARTS.map((parts, i) => {
    const [rows, columns] = [meansOf(graph, height, parts), meansOf(graph, width, parts)];
    const transposed = graph.node("Transpose", [columns], { perm: [1, 0] });
    const means = graph.node("MatMul", [graph.node("MatMul", [rows, input.name]), transposed]);
    const branch = graph.inner(`branches.${i}`, branches[i], { ...input, name: means });
    const sizes = graph.node("Concat", [graph.node("Shape", [branch.name], { end: 2 }), size], { axis: 0 });
    return graph.map("Resize", branch, ["", "", sizes], { mode: "linear", coordinate_transformation_mode: "half_pixel" });
  });
  return graph.inner("join", join, joined(graph, [input, ...enlarged]));
};

// The means of `parts` parts of an axis as weights [parts, extent]: part i begins at floor(i extent / parts) and ends before
// ceil((i + 1) extent / parts). ONNX has adaptive pooling only to a single value.
function meansOf(graph: Graph, extent: string, parts: number): string {
  const bounds = (first: number) => graph.integers(Array.from({ length: parts }, (_, i) => first + i), [parts, 1]); // biome-ignore format: one line
  const scaled = (first: number) => graph.node("Mul", [bounds(first), extent]);
  const count = graph.integers([parts], []);
  const start = graph.node("Div", [scaled(0), count]);
  const end = graph.node("Div", [graph.node("Add", [scaled(1), graph.integers([parts - 1], [])]), count]);
  const at = graph.node("Range", [graph.integers([0], []), extent, graph.integers([1], [])]);
  const isWithin = graph.node("And", [graph.node("GreaterOrEqual", [at, start]), graph.node("Less", [at, end])]);
  const toFloat = (name: string) => graph.node("Cast", [name], { to: 1 });
  return graph.node("Div", [toFloat(isWithin), toFloat(graph.node("Sub", [end, start]))]);
}

import { type Model, type ModelLike, readModel } from "./model.js";
import { Graph, type Images, PROBES } from "./onnx/graph.js";
import { normalised } from "./onnx/normalised.js";
import { modelBytes, valueProto } from "./onnx/proto.js";
import { translate } from "./onnx/translate.js";

/**
 * `model` as the bytes of an ONNX file (opset 17), for ONNX Runtime in a page, in Python and elsewhere. Its input `picture`, float32
 * [batch, 3, height, width], holds the red, green and blue values of pictures, from 0 to 255; its output `logits`, float32
 * [batch, classes, height, width], has one channel for foreground and background, which is above 0 in the foreground. All sizes are free:
 * normalising, padding and cropping are part of the graph.
 *
 * The network is computed as after `eval()`, and not changed. It may consist of the layers and networks of `nn`, except `Linear`, which
 * reads rows of one width only. Its parameters have the names of `stateDict()`. What else is known of the model stands in the metadata:
 * `classes`, `ignore`, `threshold` and `loss`, "none" where there is none, "255,254" for several ignored values. Equal models give equal bytes.
 *
 * Throws `LovaszError` "option" for a module of another class, "shape" where channels do not fit or logits have another size than the
 * picture, "nan" for a weight that is not finite, and "disposed".
 *
 * @example
 * ```js
 * import { nn } from "lovasz";
 * import { toOnnx } from "lovasz/model";
 *
 * const network = new nn.UNet({ width: 4, outChannels: 3 });
 * const bytes = toOnnx({ network, normalisation: "picture" });
 * console.log(bytes instanceof Uint8Array, bytes.length > 30000); // true true
 * ```
 */
export function toOnnx(model: ModelLike): Uint8Array {
  const call = "toOnnx(model)";
  const { network, classes: given, normalisation, ...labels } = readModel(call, model);
  const graph = Graph.of(call, network, translate);
  const picture: Images = { name: "picture", channels: 3, extents: PROBES };
  const output = translate(graph, network, normalised(graph, picture, normalisation));
  const classes = output.channels === 1 ? null : output.channels;
  if (given !== undefined && given !== classes) {
    throw graph.wrong("shape", `has ${output.channels} output channels, but model.classes is ${given}; leave classes out`);
  }
  graph.output("logits", output);
  return modelBytes(descriptionOf(classes), metadataOf({ classes, ...labels }), {
    nodes: graph.nodes,
    tensors: graph.tensors,
    input: valueProto("picture", ["batch", 3, "height", "width"], "red, green and blue, from 0 to 255"),
    output: valueProto("logits", ["batch", output.channels, ...sizeOf(graph, output)], decisionOf(classes)),
  });
}

// Networks that halve planes by themselves keep the size of some pictures only.
function sizeOf(graph: Graph, { extents }: Images): string[] {
  if (PROBES.every((extent, i) => extent === extents[i])) return ["height", "width"];
  const [probe, extent] = [PROBES[0], extents[0]];
  if (probe === extent) return ["logits_height", "logits_width"];
  const came = `makes logits of ${extent} x ${extent} pixels of a picture of ${probe} x ${probe}`;
  throw graph.wrong("shape", `${came}, expected the same size; pad its convolutions`);
}

function decisionOf(classes: number | null): string {
  return classes === null ? "above 0 in the foreground" : "largest for the class of the pixel";
}

function descriptionOf(classes: number | null): string {
  const input = "picture, float32 [batch, 3, height, width], holds red, green and blue from 0 to 255";
  return `${input}; logits, float32 [batch, ${classes ?? 1}, height, width], are ${decisionOf(classes)}.`;
}

function metadataOf({
  classes,
  ignore,
  threshold,
  loss,
}: Pick<Model, "classes" | "ignore" | "threshold" | "loss">): Record<string, string> {
  const known = Object.entries({ classes, ignore, threshold, loss }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([key, value]) => [key, String(value ?? "none")]));
}

// The messages of ONNX that a network takes; the numbers of fields and types are those of onnx.proto.
// Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
import { floatField, integerField, joined, message, messageField, type Pieces, textField } from "./protobuf.js";

/** The value of an attribute: an integer, integers, text, or a float32. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

/** The extents of a tensor, by number or by name. */
export type Dimensions = readonly (number | string)[];

/** Opset 17 and version 8 of the format are what ONNX 1.12 and ONNX Runtime 1.12 brought. */
const [OPSET, FORMAT] = [17, 8];

const [FLOAT, INT64] = [1, 7];

/** A NodeProto with one output, which gives the node its name. */
export function nodeProto(
  name: string,
  type: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Pieces {
  return message(
    ...inputs.map((input) => textField(1, input)),
    textField(2, name),
    textField(3, name),
    textField(4, type),
    ...Object.entries(attributes).map(([key, value]) => messageField(5, attributeProto(key, value))),
  );
}

function attributeProto(name: string, value: Attribute): Pieces {
  const [type, fields] = typed(value);
  return message(textField(1, name), ...fields, integerField(20, type));
}

// the type of an attribute, and the fields of its value
function typed(value: Attribute): [type: number, fields: Pieces[]] {
  if (typeof value === "number") return [2, [integerField(3, value)]];
  if (typeof value === "string") return [3, [textField(4, value)]];
  if ("float" in value) return [1, [floatField(2, value.float)]];
  return [7, value.map((one) => integerField(8, one))];
}

/** A TensorProto of the numbers of `data`, which are copied. */
export function tensorProto(name: string, shape: readonly number[], data: Float32Array | BigInt64Array): Pieces {
  const copy = data.slice();
  return message(
    ...shape.map((extent) => integerField(1, extent)),
    integerField(2, data instanceof Float32Array ? FLOAT : INT64),
    textField(8, name),
    messageField(9, [new Uint8Array(copy.buffer)]),
  );
}

/** A ValueInfoProto of an input or output of float32. */
export function valueProto(name: string, shape: Dimensions, description: string): Pieces {
  const dimension = (extent: number | string) => (typeof extent === "number" ? integerField(1, extent) : textField(2, extent));
  const shapeProto = message(...shape.map((extent) => messageField(1, dimension(extent))));
  const tensorType = message(integerField(1, FLOAT), messageField(2, shapeProto));
  return message(textField(1, name), messageField(2, messageField(1, tensorType)), textField(3, description));
}

/** What a GraphProto consists of. */
export interface GraphParts {
  readonly nodes: readonly Pieces[];
  readonly tensors: readonly Pieces[];
  readonly input: Pieces;
  readonly output: Pieces;
}

/** The bytes of a ModelProto. `metadata` is what tools show of it. */
export function modelBytes(description: string, metadata: Readonly<Record<string, string>>, graph: GraphParts): Uint8Array {
  const graphProto = message(
    ...graph.nodes.map((node) => messageField(1, node)),
    textField(2, "lovasz"),
    ...graph.tensors.map((tensor) => messageField(5, tensor)),
    messageField(11, graph.input),
    messageField(12, graph.output),
  );
  return joined(
    message(
      integerField(1, FORMAT),
      textField(2, "lovasz"),
      textField(6, description),
      messageField(7, graphProto),
      messageField(8, message(textField(1, ""), integerField(2, OPSET))),
      ...Object.entries(metadata).map(([key, value]) => messageField(14, message(textField(1, key), textField(2, value)))),
    ),
  );
}

// Reads ONNX files by the reader that onnxruntime-web has for its WebGL backend.
import { createRequire } from "node:module";

interface Entry {
  readonly key: string;
  readonly value: string;
}

export interface OnnxFile {
  readonly irVersion: { toNumber(): number } | number;
  readonly docString: string;
  readonly opsetImport: readonly { readonly version: { toNumber(): number } | number }[];
  readonly metadataProps: readonly Entry[];
  readonly graph: {
    readonly node: readonly { readonly name: string; readonly opType: string; readonly input: readonly string[] }[];
    readonly initializer: readonly { readonly name: string; readonly rawData: Uint8Array }[];
    readonly input: readonly OnnxValue[];
    readonly output: readonly OnnxValue[];
  };
}

interface OnnxValue {
  readonly name: string;
  readonly type: { readonly tensorType: { readonly shape: { readonly dim: readonly { dimParam?: string; dimValue?: unknown }[] } } };
}

const reader = "../../../node_modules/onnxruntime-web/lib/onnxjs/ort-schema/protobuf/onnx.js";
const { onnx } = createRequire(import.meta.url)(reader);

/** What stands in the bytes of an ONNX file. */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  return onnx.ModelProto.decode(bytes);
}

/** The names of the axes of an input or output; numbers where they are fixed. */
export function axesOf({ type }: OnnxValue): string[] {
  return type.tensorType.shape.dim.map(({ dimParam, dimValue }) => dimParam || String(dimValue));
}

/** The metadata by key. */
export function metadataOf({ metadataProps }: OnnxFile): Record<string, string> {
  return Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
}

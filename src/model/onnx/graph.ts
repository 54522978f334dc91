// Builds the graph of a network: nodes one after another, and the tensors that they read.
import { LovaszError } from "../../errors.js";
import type { Module } from "../../nn/module.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Attribute, nodeProto, tensorProto } from "./proto.js";
import type { Pieces } from "./protobuf.js";

/** Images [batch, channels, height, width] in the graph. */
export interface Images {
  /** The name of the tensor. */
  readonly name: string;
  readonly channels: number;
  /** What pictures of the heights, or widths, `PROBES` have become. */
  readonly extents: readonly number[];
}

/** Sizes of pictures by which a network is found to keep their size: every remainder by 32, from a multiple of it on. */
export const PROBES: readonly number[] = Array.from({ length: 32 }, (_, i) => 64 + i);

/** Adds the nodes of a module to the graph. */
export type Translate<M extends Module = Module> = (graph: Graph, module: M, input: Images) => Images;

/** What all parts of a graph share. */
interface Contents {
  readonly nodes: Pieces[];
  readonly tensors: Map<string, Pieces>;
  readonly constants: Map<string, string>;
  readonly translate: Translate;
  readonly names: ReadonlyMap<Tensor, string>;
}

/** A graph to which nodes are added, those of one module at a time. */
export class Graph {
  readonly #call: string;
  readonly #path: string;
  readonly #contents: Contents;
  readonly #counts = new Map<string, number>();

  /** An empty graph for `network`, whose modules `translate` adds. `call` is for messages. */
  static of(call: string, network: Module, translate: Translate): Graph {
    const names = new Map<Tensor, string>();
    // a layer that is used twice has two names
    for (const [name, tensor] of network.named()) if (!names.has(tensor)) names.set(tensor, name);
    return new Graph(call, "", { nodes: [], tensors: new Map(), constants: new Map(), translate, names });
  }

  private constructor(call: string, path: string, contents: Contents) {
    this.#call = call;
    this.#path = path;
    this.#contents = contents;
  }

  /** The nodes, in the order in which they are computed. */
  get nodes(): readonly Pieces[] {
    return this.#contents.nodes;
  }

  /** The tensors that nodes read. */
  get tensors(): readonly Pieces[] {
    return [...this.#contents.tensors.values()];
  }

  /** The same graph for nodes whose names begin with that of a module, or part, within. */
  within(name: string): Graph {
    return new Graph(this.#call, this.#path === "" ? name : `${this.#path}.${name}`, this.#contents);
  }

  /** What the module `name` within makes of `input`. */
  inner(name: string, module: Module, input: Images): Images {
    return this.#contents.translate(this.within(name), module, input);
  }

  /** Adds a node, and returns the name of what it computes. */
  node(type: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const count = this.#counts.get(type) ?? 0;
    this.#counts.set(type, count + 1);
    const name = `${this.#path === "" ? "" : `${this.#path}/`}${type}${count === 0 ? "" : `_${count}`}`;
    this.#contents.nodes.push(nodeProto(name, type, inputs, attributes));
    return name;
  }

  /** Adds a node that computes images of the same shape from `input` and perhaps more. */
  map(type: string, input: Images, more: readonly string[] = [], attributes: Readonly<Record<string, Attribute>> = {}): Images {
    return { ...input, name: this.node(type, [input.name, ...more], attributes) };
  }

  /** Gives `images` the name under which the graph returns them. */
  output(name: string, images: Images): void {
    this.#contents.nodes.push(nodeProto(name, "Identity", [images.name]));
  }

  /** The name of a parameter or buffer of the network, as `stateDict()` has it. */
  weight(tensor: Tensor, shape: readonly number[] = tensor.shape): string {
    return this.#floats(this.#contents.names.get(tensor) ?? "", shape, tensor.data);
  }

  /** The name of a constant of float32; equal ones without `name` are stored once. */
  floats(values: readonly number[], shape: readonly number[] = [values.length], name?: string): string {
    const data = Float32Array.from(values);
    return this.#floats(name ?? this.#constant(`float ${shape}: ${values}`), shape, data);
  }

  /** The name of a constant of int64; equal ones are stored once. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    const name = this.#constant(`int64 ${shape}: ${values}`);
    return this.#tensor(name, shape, BigInt64Array.from(values, BigInt));
  }

  /** An error of the module that is being added. */
  wrong(code: "option" | "shape", what: string): LovaszError {
    return new LovaszError(code, `${this.#call}: model.network${this.#path === "" ? "" : `.${this.#path}`} ${what}`);
  }

  /** Refuses `input` where the module reads another number of channels. */
  checkChannels(input: Images, channels: number): void {
    if (input.channels !== channels) throw this.wrong("shape", `reads ${channels} channels, but gets ${input.channels}`);
  }

  #floats(name: string, shape: readonly number[], data: Float32Array): string {
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const cure = "the training of this network diverged";
      throw new LovaszError("nan", `${this.#call}: ${name}[${bad}] is ${data[bad]}, expected finite numbers; ${cure}`);
    }
    return this.#tensor(name, shape, data);
  }

  #tensor(name: string, shape: readonly number[], data: Float32Array | BigInt64Array): string {
    const { tensors } = this.#contents;
    if (!tensors.has(name)) tensors.set(name, tensorProto(name, shape, data));
    return name;
  }

  #constant(key: string): string {
    const { constants } = this.#contents;
    const name = constants.get(key) ?? `constant_${constants.size}`;
    constants.set(key, name);
    return name;
  }
}

// The tensor itself: float32 values in C order in WebAssembly memory, and their lifetime. ../ops/methods.ts attaches the operators as
// methods, and tape.ts attaches `backward`.
import { LovaszError } from "../errors.js";
import { describe, flag, knownOptions } from "../options.js";
import { isDetached, kindOf, type TypedArray } from "../typedArray.js";
import { Storage, settled, viewF32 } from "../wasm/memory.js";
import { brand } from "./foreign.js";
import { rgbaValuesHint } from "./rgba.js";
import { track, untrack } from "./scope.js";
import { checkShape, MAX_RANK, type Shape, sameShape, show, sizeOf } from "./shape.js";

/** A number, or arrays of numbers nested once for each axis. */
export type NestedArray = number | ArrayLike<number> | readonly NestedArray[];

/**
 * Computes the gradients of an operator's inputs from the gradient `upstream` of its result; null where `needs[i]` is false. Each is a
 * new tensor, or an `alias` of `upstream`.
 */
export type Backward = (upstream: Tensor, needs: readonly boolean[]) => readonly (Tensor | null)[];

/** How an operator computed a tensor. */
export interface TapeNode {
  readonly inputs: readonly Tensor[];
  /** Handles that the tape owns, so that values outlive the user's `dispose()`. */
  readonly saved: readonly Tensor[];
  readonly backward: Backward;
  /** How many nodes have the tensor of this node as an input. */
  consumers: number;
}

// frees the storage of tensors that were garbage-collected
const collector = new FinalizationRegistry<Storage>((storage) => storage.release());

// the most numbers that toArray() puts into JavaScript arrays, which take far more memory than typed arrays
const MAX_NESTED = 2 ** 26;

/**
 * A float32 array with a shape, in C order. Make one with `tensor`, `zeros`, `ones`, `full` or `randn`.
 *
 * @example
 * ```js
 * import { tensor } from "lovasz";
 *
 * const x = tensor([[1, 2], [3, 4]]);
 * console.log(x.shape, x.size, x.sum().item()); // [ 2, 2 ] 4 10
 * ```
 */
export class Tensor {
  /** The extent of each axis. */
  readonly shape: Shape;
  /** The number of elements. */
  readonly size: number;
  /** How an operator computed this tensor, while it is part of a graph. @internal */
  node: TapeNode | null = null;
  /** Why this tensor can no longer be used, or an empty string. @internal */
  gone = "";
  #grad: Tensor | null = null;
  #requiresGrad: boolean;
  #storage: Storage | null;
  // the values while they are in JavaScript memory instead of the core's
  #parked: Float32Array | null = null;

  /** Takes ownership of `storage`. @internal */
  constructor(shape: Shape, storage: Storage, requiresGrad = false) {
    this.shape = Object.freeze([...shape]);
    this.size = sizeOf(shape);
    this.#storage = storage;
    this.#requiresGrad = requiresGrad;
    collector.register(this, storage, this);
    track(this);
  }

  /** An uninitialised tensor. @internal */
  static empty(shape: Shape): Tensor {
    return new Tensor(shape, new Storage(4 * sizeOf(shape)));
  }

  /** Whether `backward()` computes a gradient for this tensor. It can be set only on tensors that no operator made. */
  get requiresGrad(): boolean {
    return this.#requiresGrad;
  }

  set requiresGrad(value: boolean) {
    if (this.node) {
      throw new LovaszError("option", "requiresGrad of an operator's result cannot be changed; use detach() first");
    }
    this.#requiresGrad = Boolean(value);
  }

  /** The gradient that `backward()` accumulated, or null; only on tensors made with `requiresGrad`. It may be set to a tensor of this shape. */
  get grad(): Tensor | null {
    return this.#grad;
  }

  // kernels rely on its shape
  set grad(value: Tensor | null) {
    if (value !== null && !(value instanceof Tensor && sameShape(value.shape, this.shape))) {
      const came = value instanceof Tensor ? `a Tensor of shape ${show(value.shape)}` : describe(value);
      throw new LovaszError("shape", `grad of a tensor of shape ${show(this.shape)} is ${came}, expected null or a Tensor of that shape`);
    }
    // it lives as long as this tensor, even if it is set within tidy
    if (value) untrack(value);
    this.#grad = value;
  }

  /** The memory of the values. @internal */
  get storage(): Storage {
    this.checkAlive();
    if (!this.#storage) {
      const storage = new Storage(4 * this.size);
      this.#storage = storage;
      this.#parked = this.#fillFrom(this.#parked as Float32Array);
      collector.register(this, storage, this);
    }
    return this.#storage;
  }

  #fillFrom(values: Float32Array): null {
    viewF32((this.#storage as Storage).pointer, this.size).set(values);
    return null;
  }

  /** Throws `LovaszError` "disposed" if the tensor was freed. @internal */
  checkAlive(): void {
    if (this.gone) throw new LovaszError("disposed", `tensor of shape ${show(this.shape)} ${this.gone}`);
  }

  /** The address of the values in the core's memory. @internal */
  get pointer(): number {
    return this.storage.pointer;
  }

  /** A view of the values in WebAssembly memory. Read this property again after anything that may allocate. */
  get data(): Float32Array {
    return viewF32(this.pointer, this.size);
  }

  /** A copy of the values as arrays nested like the shape; a number if there are no axes. */
  toArray(): number | number[] | NestedArray {
    if (this.size > MAX_NESTED) {
      throw new LovaszError(
        "memory",
        `toArray(): ${this.size} numbers are too many for nested arrays, expected at most ${MAX_NESTED}; use data`,
      );
    }
    const values = this.#values();
    let offset = 0;
    const nest = (axis: number): NestedArray => {
      if (axis === this.shape.length) return values[offset++];
      return Array.from({ length: this.shape[axis] }, () => nest(axis + 1));
    };
    return nest(0);
  }

  /** The value of a tensor of size 1. Throws `LovaszError` "shape" for other sizes. */
  item(): number {
    if (this.size !== 1) {
      throw new LovaszError("shape", `item(): the tensor has shape ${show(this.shape)}, expected a single element; use toArray()`);
    }
    return this.#values()[0];
  }

  /** A copy of the values. It does not allocate in the core's memory, so views of that stay valid. @internal */
  copy(): Float32Array {
    return this.#values().slice();
  }

  #values(): Float32Array {
    return this.#parked && !this.gone ? this.#parked : this.data;
  }

  /** A tensor with the same values outside any graph. It shares memory with this tensor. */
  detach(): Tensor {
    return new Tensor(this.shape, this.storage.retain());
  }

  /** Frees the values. A second call does nothing; any other use afterwards throws `LovaszError` "disposed". */
  dispose(): void {
    this.vanish("was disposed; use it before dispose() or the end of tidy()");
  }

  /** Frees the values; later uses throw an error that says `why`. @internal */
  vanish(why: string): void {
    if (this.gone) return;
    this.gone = why;
    this.#release();
    this.#parked = null;
    untrack(this);
    this.grad?.dispose();
    this.grad = null;
    releaseGraph(this);
  }

  #release(): void {
    if (!this.#storage) return;
    collector.unregister(this);
    this.#storage.release();
    this.#storage = null;
  }

  /** Moves the values to JavaScript memory until an operator needs them again. @internal */
  park(): void {
    if (this.gone || !this.#storage) return;
    this.#parked = this.data.slice();
    this.#release();
  }
}

brand(Tensor.prototype, "Tensor");

// frees the nodes that only `tensor`, now disposed of, still needed
function releaseGraph(tensor: Tensor): void {
  const stack = [tensor];
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const node = entry.node;
    if (!node || !entry.gone || node.consumers > 0) continue;
    entry.node = null;
    for (const saved of node.saved) saved.dispose();
    for (const input of node.inputs) {
      if (!input.node) continue;
      input.node.consumers -= 1;
      stack.push(input);
    }
  }
}

/**
 * A tensor with a copy of `values`: a number, a nested array or a typed array. `shape` defaults to the nesting, or to one axis for a
 * typed array. `requiresGrad` (default false) says whether `backward()` computes a gradient for it.
 *
 * @example
 * ```js
 * import { tensor } from "lovasz";
 *
 * const x = tensor(Float32Array.of(1, 2, 3, 4), [2, 2], { requiresGrad: true });
 * x.mul(x).sum().backward();
 * console.log(x.grad.toArray()); // [ [ 2, 4 ], [ 6, 8 ] ]
 * ```
 */
export function tensor(values: NestedArray, shape?: Shape, options: { requiresGrad?: boolean } = {}): Tensor {
  const call = "tensor(values, shape)";
  knownOptions(call, options, ["requiresGrad"]);
  const requiresGrad = flag(call, "requiresGrad", options.requiresGrad, false);
  const isFlat = ArrayBuffer.isView(values) && typeof (values as ArrayLike<unknown>)[0] === "number";
  const flat = isFlat ? settled(values as Float32Array) : flatten(call, values);
  const extents = shape === undefined ? nesting(call, values) : checkShape(call, shape);
  if (flat.length !== sizeOf(extents)) {
    const expected = `${sizeOf(extents)} for shape ${show(extents)}`;
    const hint = rgbaValuesHint(flat.length, extents);
    throw new LovaszError("shape", `${call}: values has ${flat.length} numbers, expected ${expected}${hint}`);
  }
  const made = Tensor.empty(extents);
  made.data.set(flat);
  made.requiresGrad = requiresGrad;
  return made;
}

function nesting(call: string, values: unknown): number[] {
  const shape: number[] = [];
  let level = values;
  for (let length = lengthOf(level); length !== null; length = lengthOf(level)) {
    shape.push(length);
    if (shape.length > MAX_RANK) throw new LovaszError("shape", `${call}: values is nested deeper than ${MAX_RANK} arrays`);
    level = (level as ArrayLike<unknown>)[0];
  }
  return shape;
}

/** The length of an array of any kind; null for anything else. @internal */
export function lengthOf(level: unknown): number | null {
  if (typeof level !== "object" || level === null) return null;
  const { length } = level as ArrayLike<unknown>;
  return Number.isSafeInteger(length) ? length : null;
}

function flatten(call: string, values: unknown): number[] {
  const isGone = kindOf(values) !== undefined && isDetached(values as TypedArray);
  if (isGone || (typeof values !== "number" && lengthOf(values) === null)) {
    throw new LovaszError("shape", `${call}: values is ${describe(values)}, expected a number, a nested array or a Float32Array`);
  }
  const shape = nesting(call, values);
  const flat: number[] = [];
  const visit = (level: unknown, axis: number): void => {
    if (axis === shape.length) {
      if (typeof level !== "number") {
        throw new LovaszError("shape", `${call}: values[${flat.length}] is ${describe(level)}, expected a number`);
      }
      flat.push(level);
      return;
    }
    if (lengthOf(level) !== shape[axis]) {
      const came = describe(level);
      throw new LovaszError("shape", `${call}: values is ragged: ${came} on axis ${axis}, expected ${shape[axis]} entries`);
    }
    for (let i = 0; i < shape[axis]; i++) visit((level as ArrayLike<unknown>)[i], axis + 1);
  };
  visit(values, 0);
  return flat;
}

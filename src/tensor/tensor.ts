// The tensor itself: float32 values in C order in WebAssembly memory, and who holds them. Operators live in ../ops and are
// attached as methods by ../ops/methods.ts, `backward` by tape.ts.
import { LovaszError } from "../errors.js";
import { describe, flag, knownOptions } from "../options.js";
import { isDetached, kindOf, type TypedArray } from "../typedArray.js";
import { Storage, settled, viewF32 } from "../wasm/memory.js";
import { brand } from "./foreign.js";
import { track, untrack } from "./scope.js";
import { checkShape, MAX_RANK, type Shape, sameShape, show, sizeOf } from "./shape.js";

/** Numbers nested as deep as the tensor has axes. */
export type NestedArray = number | ArrayLike<number> | readonly NestedArray[];

/**
 * The gradients of an operator's inputs from that of its result; null where none is asked for (`needs[i]` is false). Each
 * is a new tensor, or a new handle (`alias`) on `upstream`.
 */
export type Backward = (upstream: Tensor, needs: readonly boolean[]) => readonly (Tensor | null)[];

export interface TapeNode {
  readonly inputs: readonly Tensor[];
  /** Handles of the tape's own, so that values outlive the user's `dispose()`. */
  readonly saved: readonly Tensor[];
  readonly backward: Backward;
  /** How many nodes have this one's tensor among their inputs. */
  consumers: number;
}

// frees the storage of a tensor that nobody holds any more
const collector = new FinalizationRegistry<Storage>((storage) => storage.release());

// numbers that the arrays of JavaScript hold without taking all its memory
const MAX_NESTED = 2 ** 26;

/** A float32 array with a shape, C order. Make one with `tensor`, `zeros`, `ones`, `full` or `randn`. */
export class Tensor {
  /** The extent of each axis. */
  readonly shape: Shape;
  /** How many values it has. */
  readonly size: number;
  /** How this tensor came about, while a graph holds it. @internal */
  node: TapeNode | null = null;
  /** Why this tensor can no longer be used, or an empty string. @internal */
  gone = "";
  #grad: Tensor | null = null;
  #requiresGrad: boolean;
  #storage: Storage | null;
  // values of a tensor at rest: in JavaScript memory, out of the core's
  #resting: Float32Array | null = null;

  /** Takes over `storage`. @internal */
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

  /** Whether `backward()` sums up a gradient for it. */
  get requiresGrad(): boolean {
    return this.#requiresGrad;
  }

  /** Only tensors that no operator made may start or stop to ask for a gradient; `detach()` serves for the others. */
  set requiresGrad(value: boolean) {
    if (this.node) {
      throw new LovaszError("option", "requiresGrad of an operator's result is fixed; take detach() of it first");
    }
    this.#requiresGrad = Boolean(value);
  }

  /** The gradient that `backward` summed up here; on tensors made with `requiresGrad` only. May be set to one of this shape. */
  get grad(): Tensor | null {
    return this.#grad;
  }

  // kernels read and write as many numbers of it as the tensor has
  set grad(value: Tensor | null) {
    if (value !== null && !(value instanceof Tensor && sameShape(value.shape, this.shape))) {
      const came = value instanceof Tensor ? `a Tensor of shape ${show(value.shape)}` : describe(value);
      throw new LovaszError("shape", `grad of a tensor of shape ${show(this.shape)} is ${came}, expected null or a Tensor of that shape`);
    }
    // it lives as long as this tensor, also where it is set within tidy
    if (value) untrack(value);
    this.#grad = value;
  }

  /** @internal */
  get storage(): Storage {
    this.checkAlive();
    if (!this.#storage) {
      const storage = new Storage(4 * this.size);
      this.#storage = storage;
      this.#resting = this.#fillFrom(this.#resting as Float32Array);
      collector.register(this, storage, this);
    }
    return this.#storage;
  }

  #fillFrom(values: Float32Array): null {
    viewF32((this.#storage as Storage).pointer, this.size).set(values);
    return null;
  }

  /** Throws what there is to say about a tensor that is no more. @internal */
  checkAlive(): void {
    if (this.gone) throw new LovaszError("disposed", `tensor of shape ${show(this.shape)} ${this.gone}`);
  }

  /** @internal */
  get pointer(): number {
    return this.storage.pointer;
  }

  /** A view of the values in WebAssembly memory. Read it anew after anything that may allocate. */
  get data(): Float32Array {
    return viewF32(this.pointer, this.size);
  }

  /** A copy of the values, nested as the shape is; a number where it has no axes. */
  toArray(): number | number[] | NestedArray {
    if (this.size > MAX_NESTED) {
      throw new LovaszError("memory", `toArray(): ${this.size} numbers are too many for arrays, expected at most ${MAX_NESTED}; read data`);
    }
    const values = this.#values();
    let offset = 0;
    const nest = (axis: number): NestedArray => {
      if (axis === this.shape.length) return values[offset++];
      return Array.from({ length: this.shape[axis] }, () => nest(axis + 1));
    };
    return nest(0);
  }

  /** The one value of a tensor of size 1. */
  item(): number {
    if (this.size !== 1) {
      throw new LovaszError("shape", `item(): the tensor has shape ${show(this.shape)}, expected a single element; use toArray()`);
    }
    return this.#values()[0];
  }

  /** A copy of the values. Allocates nothing in the core's memory, so that no view of it dies. @internal */
  copy(): Float32Array {
    return this.#values().slice();
  }

  #values(): Float32Array {
    return this.#resting && !this.gone ? this.#resting : this.data;
  }

  /** The same values outside any graph; shares memory with this tensor. */
  detach(): Tensor {
    return new Tensor(this.shape, this.storage.retain());
  }

  /** Lets go of the values. A second call does nothing; any other use afterwards throws. */
  dispose(): void {
    this.vanish("was disposed; use it before dispose() or the end of tidy()");
  }

  /** @internal */
  vanish(why: string): void {
    if (this.gone) return;
    this.gone = why;
    this.#let();
    this.#resting = null;
    untrack(this);
    this.grad?.dispose();
    this.grad = null;
    releaseGraph(this);
  }

  #let(): void {
    if (!this.#storage) return;
    collector.unregister(this);
    this.#storage.release();
    this.#storage = null;
  }

  /** Moves the values to JavaScript memory until something computes with them again. @internal */
  rest(): void {
    if (this.gone || !this.#storage) return;
    this.#resting = this.data.slice();
    this.#let();
  }
}

brand(Tensor.prototype, "Tensor");

// frees the part of the graph that only `tensor`, now disposed of, still needed
function releaseGraph(tensor: Tensor): void {
  const stack = [tensor];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const node = top.node;
    if (!node || !top.gone || node.consumers > 0) continue;
    top.node = null;
    for (const saved of node.saved) saved.dispose();
    for (const input of node.inputs) {
      if (!input.node) continue;
      input.node.consumers -= 1;
      stack.push(input);
    }
  }
}

/**
 * A tensor of `values`: a number, a nested array, or a typed array, copied. `shape` defaults to the nesting, or to one
 * axis for a typed array.
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
    throw new LovaszError("shape", `${call}: values has ${flat.length} numbers, expected ${expected}`);
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

/** How long an array of any kind is; null for all else. @internal */
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

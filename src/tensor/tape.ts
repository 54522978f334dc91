// Reverse-mode differentiation. The result of each operator has a node with its inputs and a function that turns the gradient of the
// result into those of the inputs. `backward` walks the nodes from the last result to the first inputs.
import { LovaszError } from "../errors.js";
import { callable, flag, knownOptions } from "../options.js";
import { kernels } from "../wasm/instance.js";
import { threadCount } from "../wasm/parallel.js";
import { isForeign } from "./foreign.js";
import { isPromise, tidy, track, untrack } from "./scope.js";
import { sameShape, show } from "./shape.js";
import { type Backward, lengthOf, type NestedArray, Tensor, tensor } from "./tensor.js";

/** Options of `Tensor.backward`. */
export interface BackwardOptions {
  /** Whether to keep the graph for another `backward()`. Default false. */
  retainGraph?: boolean;
}

let recording = true;

/** Whether a graph is being recorded. @internal */
export const isRecording = (): boolean => recording;

/** Runs `fn` with recording on or off. @internal */
export function withRecording<T>(on: boolean, fn: () => T): T {
  const before = recording;
  recording = on;
  try {
    return fn();
  } finally {
    recording = before;
  }
}

/**
 * Runs `fn` without recording a graph, and returns its result.
 *
 * @example
 * ```js
 * import { noGrad, tensor } from "lovasz";
 *
 * const x = tensor([1, 2], undefined, { requiresGrad: true });
 * console.log(x.mul(2).requiresGrad, noGrad(() => x.mul(2)).requiresGrad); // true false
 * ```
 */
export function noGrad<T>(fn: () => T): T {
  callable("noGrad(fn)", "fn", fn);
  return withRecording(false, () => {
    const result = fn();
    if (isPromise(result)) {
      result.then(undefined, () => {});
      throw new LovaszError(
        "option",
        "noGrad(fn): fn returned a promise, but code that runs later would be recorded; await first, then call noGrad()",
      );
    }
    return result;
  });
}

/** A new tensor that shares the memory of `tensor`. @internal */
export function alias(tensor: Tensor, shape = tensor.shape): Tensor {
  return new Tensor(shape, tensor.storage.retain());
}

/**
 * A tensor for a gradient in the shape of `upstream`, in its memory where nothing else reads that any more. So it may be written only
 * element by element, each after the element of `upstream` at its place was read. With several threads it has memory of its own, as
 * units of work may be done twice.
 * @internal
 */
export function overwriting(upstream: Tensor): Tensor {
  return upstream.storage.shared || threadCount() > 1 ? Tensor.empty(upstream.shape) : alias(upstream);
}

// keeps `made` from being freed by a surrounding tidy
function owned(made: Tensor): Tensor {
  untrack(made);
  return made;
}

/** Whether an operator on `inputs` must be recorded. @internal */
export function recorded(inputs: readonly Tensor[]): boolean {
  return recording && inputs.some((input) => input.requiresGrad);
}

/**
 * Records that `out` was computed from `inputs`. The backward pass reads the values of the tensors `save`; `backward` receives the
 * tape's own handles on them.
 * @internal
 */
export function record(
  out: Tensor,
  inputs: readonly Tensor[],
  save: readonly Tensor[],
  backward: (...saved: Tensor[]) => Backward,
): Tensor {
  if (!recorded(inputs)) return out;
  const saved: Tensor[] = [];
  try {
    for (const tensor of save) saved.push(owned(alias(tensor)));
  } catch (error) {
    for (const made of [...saved, out]) made.dispose();
    throw error;
  }
  out.requiresGrad = true;
  out.node = { inputs, saved, backward: backward(...saved), consumers: 0 };
  for (const input of inputs) if (input.node) input.node.consumers += 1;
  return out;
}

/** The gradient that comes in. (An augmentation may name types of its own module only: the bundler of declarations renames others.) */
export type Upstream = Tensor | NestedArray;

declare module "./tensor.js" {
  interface Tensor {
    /**
     * Computes the gradient of this tensor by every tensor with `requiresGrad` that it was computed from, and adds it to their `grad`.
     * `upstream`, the incoming gradient, has the shape of this tensor; it defaults to 1 for a tensor of size 1. Intermediate results,
     * but not this tensor, are freed one by one as soon as nothing needs them, unless `retainGraph` is set. If it throws because memory
     * runs out, no `grad` has changed, but the graph may be freed: call the operators again, too. Throws `LovaszError` "shape", "option",
     * "memory" or "disposed".
     */
    backward(upstream?: Upstream | BackwardOptions, options?: BackwardOptions): void;
  }
}

function backward(root: Tensor, upstream?: Tensor | NestedArray | BackwardOptions, options?: BackwardOptions): void {
  const isTensor = upstream instanceof Tensor || isForeign(upstream);
  const isOptions = typeof upstream === "object" && upstream !== null && !isTensor && lengthOf(upstream) === null;
  const given = isOptions ? undefined : (upstream as Tensor | NestedArray | undefined);
  const settings = isOptions ? (upstream as BackwardOptions) : (options ?? {});
  if (given === undefined || given instanceof Tensor) {
    runBackward(root, given, settings);
    return;
  }
  const made = tensor(given, root.shape);
  try {
    runBackward(root, made, settings);
  } finally {
    made.dispose();
  }
}

Object.defineProperty(Tensor.prototype, "backward", {
  value(this: Tensor, upstream?: Tensor | NestedArray | BackwardOptions, options?: BackwardOptions): void {
    backward(this, upstream, options);
  },
  writable: true,
  configurable: true,
});

function runBackward(root: Tensor, upstream: Tensor | undefined, options: BackwardOptions): void {
  const call = "backward(upstream, options)";
  knownOptions(call, options, ["retainGraph"]);
  const retainGraph = flag(call, "retainGraph", options.retainGraph, false);
  checkStart(root, upstream);
  const order = topologicalOrder(root);
  pass(order, upstream, { asked: null, retainGraph }, settle);
}

/**
 * The gradient of `root`, a single element, by `leaf`, which may be disposed of already; null if `root` does not depend on it. It
 * belongs to the current `tidy`. The graph is freed. With `allLeaves`, the gradients of all other leaves are added to their `grad`, as
 * `backward` does.
 * @internal
 */
export function gradientBy(root: Tensor, leaf: Tensor, allLeaves: boolean): Tensor | null {
  checkStart(root, undefined);
  const order = topologicalOrder(root);
  return pass(order, undefined, { asked: leaf, retainGraph: false }, (gradients) => {
    const gradient = gradients.get(leaf) ?? null;
    gradients.delete(leaf);
    if (gradient) track(gradient);
    if (allLeaves) settle(gradients);
    return gradient;
  });
}

interface PassOptions {
  /** A leaf that gets a gradient even without requiresGrad. */
  readonly asked: Tensor | null;
  readonly retainGraph: boolean;
}

// Computes the gradients of the first tensor of `order` by all leaves, passes them to `use`, and disposes of those that `use` leaves in
// the map. Each node is freed as soon as its gradient was passed on, which bounds the memory of a step.
function pass<T>(
  order: readonly Tensor[],
  upstream: Tensor | undefined,
  { asked, retainGraph }: PassOptions,
  use: (gradients: Map<Tensor, Tensor>) => T,
): T {
  const [root] = order;
  return withRecording(false, () => {
    const gradients = new Map<Tensor, Tensor>();
    try {
      gradients.set(root, owned(upstream ? alias(upstream) : unit(root)));
      for (const tensor of order) {
        propagate(tensor, gradients, asked);
        if (!retainGraph) freeNode(tensor, tensor === root);
      }
      return use(gradients);
    } catch (error) {
      // a graph without its first nodes cannot be walked again, so that nothing would free the others
      if (consumed.has(root)) for (const tensor of order) freeNode(tensor, false);
      throw error;
    } finally {
      for (const left of gradients.values()) left.dispose();
    }
  });
}

function checkStart(root: Tensor, upstream: Tensor | undefined): void {
  root.checkAlive();
  if (!root.requiresGrad) {
    throw new LovaszError(
      "option",
      "backward(): this tensor does not depend on any tensor with requiresGrad; make inputs with { requiresGrad: true }",
    );
  }
  if (upstream ? !sameShape(upstream.shape, root.shape) : root.size !== 1) {
    const came = upstream ? `upstream has shape ${show(upstream.shape)}` : "no upstream gradient was given";
    throw new LovaszError("shape", `backward(): ${came}, expected one of shape ${show(root.shape)}; only a single element needs none`);
  }
}

// every result before its inputs
function topologicalOrder(root: Tensor): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>([root]);
  const stack: { tensor: Tensor; next: number }[] = [{ tensor: root, next: 0 }];
  for (let entry = stack.at(-1); entry; entry = stack.at(-1)) {
    const input = entry.tensor.node?.inputs[entry.next++];
    if (input === undefined) {
      stack.pop();
      order.push(entry.tensor);
    } else if (input.requiresGrad && !seen.has(input)) {
      if (consumed.has(input)) throw alreadyFreed(input);
      seen.add(input);
      stack.push({ tensor: input, next: 0 });
    }
  }
  if (consumed.has(root)) throw alreadyFreed(root);
  return order.reverse();
}

// results of operators whose graph was freed
const consumed = new WeakSet<Tensor>();

function alreadyFreed(tensor: Tensor): LovaszError {
  return new LovaszError(
    "disposed",
    `backward(): the graph behind a tensor of shape ${show(tensor.shape)} was freed by an earlier backward(); pass { retainGraph: true } to that one`,
  );
}

// passes the gradient of an operator's result on to its inputs; the gradient of a leaf stays in the map
function propagate(tensor: Tensor, gradients: Map<Tensor, Tensor>, asked: Tensor | null): void {
  const gradient = gradients.get(tensor);
  if (!gradient || !tensor.node) return;
  const { inputs, backward } = tensor.node;
  const needs = inputs.map((input) => input.requiresGrad || input === asked);
  // if memory runs out, the outer tidy frees the gradients that are not added yet
  tidy(() => {
    const incoming = tidy(() => backward(gradient, needs));
    gradients.delete(tensor);
    gradient.dispose();
    incoming.forEach((one, i) => {
      if (!one) return;
      const sum = gradients.get(inputs[i]);
      gradients.set(inputs[i], owned(sum ? added(sum, one) : one));
    });
  });
}

// the sum of two gradients, in the memory of one of them if no other tensor shares it
function added(a: Tensor, b: Tensor): Tensor {
  const [sum, other] = a.storage.shared ? [b, a] : [a, b];
  const target = sum.storage.shared ? copy(sum) : sum;
  kernels.addScaled_f32(target.pointer, other.pointer, 1, target.size);
  if (target !== sum) sum.dispose();
  other.dispose();
  return target;
}

// Adds the gradients to the grad of all leaves, or to none: everything that can fail comes first.
function settle(gradients: Map<Tensor, Tensor>): void {
  const targets = new Map<Tensor, Tensor>();
  for (const leaf of gradients.keys()) if (!leaf.gone && leaf.grad && !leaf.grad.gone) targets.set(leaf, leaf.grad);
  // memory that is written while other gradients may share it: the upstream gradient may be somebody's grad
  const written = new Set([...targets.values()].map(({ storage }) => storage));
  const sums: { leaf: Tensor; gradient: Tensor; target: number | null }[] = [];
  for (const [leaf, gradient] of gradients) {
    if (leaf.gone) continue;
    const target = targets.get(leaf)?.pointer ?? null;
    if (gradient.storage.shared && (target === null || written.has(gradient.storage))) {
      gradients.set(leaf, owned(copy(gradient)));
      gradient.dispose();
    }
    sums.push({ leaf, gradient: gradients.get(leaf) as Tensor, target });
  }
  for (const { leaf, gradient, target } of sums) {
    if (target !== null) {
      kernels.addScaled_f32(target, gradient.pointer, 1, leaf.size);
    } else {
      leaf.grad = gradient;
      gradients.delete(leaf);
    }
  }
}

function copy(tensor: Tensor): Tensor {
  const { pointer } = tensor;
  const made = Tensor.empty(tensor.shape);
  kernels.copyBlocks(pointer, 0, made.pointer, 0, 4 * tensor.size, 1);
  return made;
}

function unit(root: Tensor): Tensor {
  const made = Tensor.empty(root.shape);
  made.data[0] = 1;
  return made;
}

function freeNode(tensor: Tensor, isRoot: boolean): void {
  if (!tensor.node) return;
  for (const saved of tensor.node.saved) saved.dispose();
  tensor.node = null;
  consumed.add(tensor);
  if (isRoot) tensor.park();
  else tensor.vanish("was freed by backward(); read it before, keep detach() of it, or pass { retainGraph: true }");
}

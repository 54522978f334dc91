// Reverse-mode differentiation. Each operator's result remembers its inputs and how to turn the gradient of the result into
// theirs; `backward` walks these memories from the end to the beginning.
import { LovaszError } from "../errors.js";
import { callable, flag, knownOptions } from "../options.js";
import { kernels } from "../wasm/instance.js";
import { isForeign } from "./foreign.js";
import { isPromise, tidy, track, untrack } from "./scope.js";
import { sameShape, show } from "./shape.js";
import { type Backward, lengthOf, type NestedArray, Tensor, tensor } from "./tensor.js";

/** Options of `Tensor.backward`. */
export interface BackwardOptions {
  /** Keep the graph for another `backward()`. Default false. */
  retainGraph?: boolean;
}

let recording = true;

/** Whether a graph is being recorded. @internal */
export const isRecording = (): boolean => recording;

/** Runs `fn`, recording a graph or not. @internal */
export function withRecording<T>(on: boolean, fn: () => T): T {
  const before = recording;
  recording = on;
  try {
    return fn();
  } finally {
    recording = before;
  }
}

/** Runs `fn` without recording a graph. */
export function noGrad<T>(fn: () => T): T {
  callable("noGrad(fn)", "fn", fn);
  return withRecording(false, () => {
    const result = fn();
    if (isPromise(result)) {
      result.then(undefined, () => {});
      throw new LovaszError(
        "option",
        "noGrad(fn): fn returned a promise, but what runs later would be recorded; await first, then noGrad()",
      );
    }
    return result;
  });
}

/** Another handle on the values of `tensor`. @internal */
export function alias(tensor: Tensor, shape = tensor.shape): Tensor {
  return new Tensor(shape, tensor.storage.retain());
}

// `made`, which no tidy is to free
function owned(made: Tensor): Tensor {
  untrack(made);
  return made;
}

/** Whether an operator on `inputs` is to be recorded. @internal */
export function recorded(inputs: readonly Tensor[]): boolean {
  return recording && inputs.some((input) => input.requiresGrad);
}

/**
 * Remembers that `out` came from `inputs`. `save` names the tensors whose values the backward pass reads; `backward` is
 * made from the tape's handles on them.
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

declare module "./tensor.js" {
  interface Tensor {
    /**
     * Adds the gradient of this tensor to the `grad` of every tensor it was made from that asks for one. `upstream` (default 1,
     * for a tensor of size 1) is the gradient that comes in, of this tensor's shape. What operators made on the way is freed,
     * this tensor's value excepted, unless `retainGraph`.
     */
    backward(upstream?: Tensor | NestedArray | BackwardOptions, options?: BackwardOptions): void;
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
  pass(order, upstream, null, settle);
  if (!retainGraph) for (const tensor of order) freeNode(tensor, tensor === root);
}

/**
 * The gradient of `root`, a single element, by `leaf`, which may have been disposed of since; null where `root` does not depend on
 * it. It is freed with the `tidy` under way. The graph is freed, and with `others` all other leaves have theirs added to their
 * `grad`, as by `backward`.
 * @internal
 */
export function gradientBy(root: Tensor, leaf: Tensor, others: boolean): Tensor | null {
  checkStart(root, undefined);
  const order = topologicalOrder(root);
  const own = pass(order, undefined, leaf, (gradients) => {
    const found = gradients.get(leaf) ?? null;
    gradients.delete(leaf);
    if (found) track(found);
    if (others) settle(gradients);
    return found;
  });
  for (const tensor of order) freeNode(tensor, tensor === root);
  return own;
}

// What `use` makes of the gradients of all leaves behind the first of `order`; those that it leaves in the map are disposed of.
// `asked` is a leaf whose gradient is asked for, whatever it says itself.
function pass<T>(
  order: readonly Tensor[],
  upstream: Tensor | undefined,
  asked: Tensor | null,
  use: (gradients: Map<Tensor, Tensor>) => T,
): T {
  const [root] = order;
  return withRecording(false, () => {
    const gradients = new Map<Tensor, Tensor>();
    try {
      gradients.set(root, owned(upstream ? alias(upstream) : one(root)));
      for (const tensor of order) propagate(tensor, gradients, asked);
      return use(gradients);
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
      "backward(): nothing this tensor came from asks for a gradient; make inputs with { requiresGrad: true }",
    );
  }
  if (upstream ? !sameShape(upstream.shape, root.shape) : root.size !== 1) {
    const came = upstream ? `upstream has shape ${show(upstream.shape)}` : "no upstream gradient was given";
    throw new LovaszError("shape", `backward(): ${came}, expected one of shape ${show(root.shape)}; only a single element needs none`);
  }
}

// results before what they were made from
function topologicalOrder(root: Tensor): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>([root]);
  const stack: { tensor: Tensor; next: number }[] = [{ tensor: root, next: 0 }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const input = top.tensor.node?.inputs[top.next++];
    if (input === undefined) {
      stack.pop();
      order.push(top.tensor);
    } else if (input.requiresGrad && !seen.has(input)) {
      if (consumed.has(input)) throw alreadyFreed(input);
      seen.add(input);
      stack.push({ tensor: input, next: 0 });
    }
  }
  if (consumed.has(root)) throw alreadyFreed(root);
  return order.reverse();
}

// results of operators whose graph is gone
const consumed = new WeakSet<Tensor>();

function alreadyFreed(tensor: Tensor): LovaszError {
  return new LovaszError(
    "disposed",
    `backward(): the graph behind a tensor of shape ${show(tensor.shape)} was freed by an earlier backward(); pass { retainGraph: true } to that one`,
  );
}

// hands the gradient of an operator's result on to its inputs; those of leaves stay where they are
function propagate(tensor: Tensor, gradients: Map<Tensor, Tensor>, asked: Tensor | null): void {
  const gradient = gradients.get(tensor);
  if (!gradient || !tensor.node) return;
  const { inputs, backward } = tensor.node;
  const needs = inputs.map((input) => input.requiresGrad || input === asked);
  // the outer one frees the gradients that were not added yet where the memory to add one cannot be had
  tidy(() => {
    const parts = tidy(() => backward(gradient, needs));
    gradients.delete(tensor);
    gradient.dispose();
    parts.forEach((part, i) => {
      if (!part) return;
      const sum = gradients.get(inputs[i]);
      gradients.set(inputs[i], owned(sum ? added(sum, part) : part));
    });
  });
}

// the sum of two gradients, in the memory of one where nobody else reads it
function added(a: Tensor, b: Tensor): Tensor {
  const [sum, other] = a.storage.shared ? [b, a] : [a, b];
  const target = sum.storage.shared ? copy(sum) : sum;
  kernels.addScaled_f32(target.pointer, other.pointer, 1, target.size);
  if (target !== sum) sum.dispose();
  other.dispose();
  return target;
}

// All leaves or none: what can fail comes first.
function settle(gradients: Map<Tensor, Tensor>): void {
  const targets = new Map<Tensor, Tensor>();
  for (const leaf of gradients.keys()) if (!leaf.gone && leaf.grad && !leaf.grad.gone) targets.set(leaf, leaf.grad);
  // what is added to while others still read it: the upstream gradient may be one of them
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

function one(root: Tensor): Tensor {
  const made = Tensor.empty(root.shape);
  made.data[0] = 1;
  return made;
}

function freeNode(tensor: Tensor, isRoot: boolean): void {
  if (!tensor.node) return;
  for (const saved of tensor.node.saved) saved.dispose();
  tensor.node = null;
  consumed.add(tensor);
  if (isRoot) tensor.rest();
  else tensor.vanish("was freed by backward(); read it before, keep detach() of it, or pass { retainGraph: true }");
}

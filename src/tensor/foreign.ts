// Two copies of this package in one program share neither classes nor memory. Their classes carry a mark that both copies know; its value
// identifies the copy.

const COPY = {};

/** The classes whose instances users pass to this package. */
type Kind = "Tensor" | "Module";

const mark = (kind: Kind) => Symbol.for(`lovasz.${kind}`);

/** Marks the prototype of a class as belonging to this copy. @internal */
export function brand(prototype: object, kind: Kind): void {
  Object.defineProperty(prototype, mark(kind), { value: COPY });
}

/** Whether `value` is a Tensor of this copy. @internal */
export function isTensor(value: object): boolean {
  return (value as Record<symbol, unknown>)[mark("Tensor")] === COPY;
}

/** Whether `value` is a Tensor, or another `kind`, of another copy of this package. @internal */
export function isForeign(value: unknown, kind: Kind = "Tensor"): boolean {
  if (typeof value !== "object" || value === null) return false;
  const copy = (value as Record<symbol, unknown>)[mark(kind)];
  return copy !== undefined && copy !== COPY;
}

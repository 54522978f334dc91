// Means and variances of groups that several calls of `groupNorm` share, so that parts of a picture are normalised alike.
import { emptyMoments, type Moments } from "./norm.js";

/** Where the calls within `recordMoments` and `withMoments` have their moments from; null outside. */
let source: ((groups: number) => Moments) | null = null;

/** The moments for the next call of `groupNorm`, of so many `groups`: to be computed, unless `withMoments` gives them. */
export function momentsFor(groups: number): Moments {
  return source ? source(groups) : emptyMoments(groups);
}

/** Runs `fn` and returns the moments of all calls of `groupNorm` within, in their order. @internal */
export function recordMoments(fn: () => void): Moments[] {
  const recorded: Moments[] = [];
  from((groups) => {
    const moments = emptyMoments(groups);
    recorded.push(moments);
    return moments;
  }, fn);
  return recorded;
}

/**
 * Runs `fn`, in which the calls of `groupNorm` take `recorded` in its order. A call of another number of groups than was recorded, or one
 * more, computes its own. @internal
 */
export function withMoments<T>(recorded: readonly Moments[], fn: () => T): T {
  let next = 0;
  return from((groups) => {
    const moments = recorded[next++];
    return moments?.mean.length === groups ? { ...moments, areFixed: true } : emptyMoments(groups);
  }, fn);
}

function from<T>(given: (groups: number) => Moments, fn: () => T): T {
  const before = source;
  source = given;
  try {
    return fn();
  } finally {
    source = before;
  }
}

// Operators and losses call their kernels through `parallel`, which shares large ones with the workers of `setThreads` where there are any.
import type { Kernels } from "./core.js";
import { kernels } from "./instance.js";
import { UNITS } from "./job.js";
import { scratch } from "./memory.js";
import type { Scratch, Team } from "./team.js";

type Numbers = readonly (number | boolean)[];
/** The name of a kernel: a function of numbers. */
export type KernelName = {
  [Name in keyof Kernels]: Kernels[Name] extends (...values: infer V) => unknown ? (V extends Numbers ? Name : never) : never;
}[keyof Kernels];
type Calls = { [Name in KernelName]: Parameters<Kernels[Name]> };
/** What it is called with. */
export type Call<Name extends KernelName> = Calls[Name];

/** What the work of a kernel consists of. */
export interface Work {
  /** How many items: elements, rows, planes, images. */
  count: number;
  /** How long an item takes, in elements that are read or written. Default 1. */
  cost?: number;
  /** Units begin at multiples of so many items. A kernel on whole vectors writes as far as the next one. Default 1. */
  step?: number;
  /** Memory that the kernel needs for itself. */
  own?: Scratch;
}

// A job costs about 12 µs. Work of fewer elements is left to the calling thread, and units have at least so many.
const LEAST = 2 ** 17;
const LEAST_IN_UNIT = 2 ** 15;
// more units bring nothing, and cost the calling thread time
const MOST_UNITS = Math.min(64, UNITS);

let team: Team | null = null;

/** Has `parallel` share its work with a team from now on, or with nobody. */
export function shareWith(one: Team | null): void {
  team = one;
}

/** How many threads `parallel` uses. */
export const threadCount = (): number => team?.threads ?? 1;

/**
 * Calls the kernel with the arguments that `argumentsOf` gives for the items from `from` on, `count` of them: once for all, or, where there
 * are several threads, for each unit of the work. Returns what these calls returned. How work is cut depends on its extents alone. A unit
 * may be done twice, where a worker died of it, so what it writes must not depend on what it has written.
 */
export function parallel<Name extends KernelName>(
  kernel: Name,
  { count, cost = 1, step = 1, own }: Work,
  argumentsOf: (from: number, count: number) => Call<Name>,
): number[] {
  const each = team && count * cost >= LEAST ? unitOf(count, cost, step) : count;
  if (!team || each >= count) return alone(kernel, 1, () => argumentsOf(0, count), own);
  const calls: Call<Name>[] = [];
  for (let from = 0; from < count; from += each) calls.push(argumentsOf(from, Math.min(each, count - from)));
  return team.run(kernel, calls as readonly number[][], own);
}

/** The same for a kernel that does one item at a time. */
export function parallelEach<Name extends KernelName>(
  kernel: Name,
  { count, cost = 1, own }: Omit<Work, "step">,
  argumentsOf: (item: number) => Call<Name>,
): number[] {
  if (!team || count < 2 || count * cost < LEAST) return alone(kernel, count, argumentsOf, own);
  const results: number[] = [];
  for (let from = 0; from < count; from += UNITS) {
    const calls = Array.from({ length: Math.min(UNITS, count - from) }, (_, i) => argumentsOf(from + i));
    results.push(...team.run(kernel, calls as readonly number[][], own));
  }
  return results;
}

// how many items are in a unit
function unitOf(count: number, cost: number, step: number): number {
  const least = Math.max(LEAST_IN_UNIT / cost, count / MOST_UNITS);
  return step * Math.ceil(least / step);
}

function alone<Name extends KernelName>(
  kernel: Name,
  calls: number,
  argumentsOf: (i: number) => Call<Name>,
  own: Scratch | undefined,
): number[] {
  if (own) return scratch([own.bytes], (start) => called(kernel, calls, (i) => placed(argumentsOf(i), own.argument, start)));
  return called(kernel, calls, argumentsOf);
}

function called<Name extends KernelName>(kernel: Name, calls: number, argumentsOf: (i: number) => Call<Name>): number[] {
  const run = kernels[kernel] as unknown as (...values: Call<Name>) => number;
  const results: number[] = [];
  for (let i = 0; i < calls; i++) results.push(run(...argumentsOf(i)));
  return results;
}

function placed<Name extends KernelName>(values: Call<Name>, argument: number, start: number): Call<Name> {
  (values as number[])[argument] = start;
  return values;
}

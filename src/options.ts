// Reads option objects. A misspelt or invalid option is an error and never silently replaced by the default.
import { LovaszError } from "./errors.js";
import { isForeign } from "./tensor/foreign.js";
import { isDetached, kindOf, type TypedArray } from "./typedArray.js";

/** Throws unless every key of `options` is among `known`. `call` names the function in the message. */
export function knownOptions(call: string, options: object, known: readonly string[]): void {
  if (!isPlain(options)) {
    throw new LovaszError("option", `${call}: options is ${describe(options)}, expected an object such as { ${known[0]}: ... }`);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new LovaszError("option", `${call} has no option "${key}"; it knows ${known.join(", ")}`);
    }
  }
}

/** Whether `value` is a plain object, of any window or context. Instances of classes, such as Map, do not hold options. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** `value` if it is one of `choices`, `fallback` if it is undefined. */
export function choice<T extends string>(call: string, name: string, value: unknown, choices: readonly T[], fallback: T): T {
  if (value === undefined) return fallback;
  if (choices.includes(value as T)) return value as T;
  const list = choices.map((c) => `"${c}"`).join(" or ");
  throw new LovaszError("option", `${call}: ${name} is ${describe(value)}, expected ${list}`);
}

/** `value` if it is a boolean, `fallback` if it is undefined. */
export function flag(call: string, name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value === "boolean") return value;
  throw new LovaszError("option", `${call}: ${name} is ${describe(value)}, expected true or false`);
}

/** The largest number that float32 holds. */
export const MAX_FLOAT = (2 - 2 ** -23) * 2 ** 127;

/** The largest weight, rate or power: the product of two, and the sum of 2^30 of them, fit in float32. */
export const MAX_WEIGHT = 1e18;

/**
 * `value` if it is a finite number in [least, most], `fallback` if it is undefined. The default bounds are those of float32, in which
 * the kernels compute.
 */
export function finite(call: string, name: string, value: unknown, fallback: number, least = -MAX_FLOAT, most = MAX_FLOAT): number {
  if (value === undefined) return fallback;
  if (typeof value === "number" && value >= least && value <= most) return value;
  const isTooLarge = Number.isFinite(value) && Math.abs(value as number) > MAX_FLOAT;
  const held = isTooLarge && isEndless(value as number, least, most) ? ` within ${MAX_FLOAT.toPrecision(2)}, the largest of float32` : "";
  throw new LovaszError("option", `${call}: ${name} is ${describe(value)}, expected a finite number${range(least, most)}${held}`);
}

/** `value` if it is an integer in [least, most], `fallback` if it is undefined. */
export function integer(
  call: string,
  name: string,
  value: unknown,
  fallback: number,
  least = Number.MIN_SAFE_INTEGER,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const number = finite(call, name, value, fallback, least, most);
  if (Number.isInteger(number)) return number;
  throw new LovaszError("option", `${call}: ${name} is ${number}, expected an integer${range(least, most)}`);
}

function range(least: number, most: number): string {
  const [open, endless] = [isLimit(least), isLimit(most)];
  if (open) return endless ? "" : ` of at most ${shown(most)}`;
  return endless ? ` of at least ${shown(least)}` : ` from ${shown(least)} to ${shown(most)}`;
}

// writes 1e+18 instead of nineteen digits
const shown = (bound: number) => (Math.abs(bound) < 1e15 ? String(bound) : bound.toExponential());

// whether a bound is just the limit of the number type
const isLimit = (bound: number) => Math.abs(bound) === Number.MAX_SAFE_INTEGER || Math.abs(bound) >= MAX_FLOAT;

// whether `value` exceeds a bound that `range` does not mention
const isEndless = (value: number, least: number, most: number) => isLimit(value < 0 ? least : most);

/** Whether `value` is an array or a typed array of numbers. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  const kind = kindOf(value);
  if (kind === undefined) return Array.isArray(value);
  return !kind.startsWith("Big") && !isDetached(value as TypedArray);
}

/** Returns `fn` after checking that it is a function. */
export function callable<T>(call: string, name: string, fn: T): T {
  if (typeof fn === "function") return fn;
  throw new LovaszError("option", `${call}: ${name} is ${describe(fn)}, expected a function`);
}

/** A short description of `value` for a message, with its type where the value alone could mislead. */
export function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const kind = kindOf(value);
  if (kind !== undefined) return `${isDetached(value as TypedArray) ? "a detached" : "a"} ${kind} of ${(value as TypedArray).length}`;
  if (ArrayBuffer.isView(value)) return "a DataView";
  for (const kind of ["Tensor", "Module"] as const) {
    if (isForeign(value, kind)) return `a ${kind} of another copy of lovasz (import the package from one place)`;
  }
  return `a value of type ${(value as object).constructor?.name ?? typeof value}`;
}

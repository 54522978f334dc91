// Calls the loss under test, and reports a loss that does not answer.
import { counted } from "../counted.js";
import { describe } from "../options.js";
import type { Answer, CaseOptions, LossCase, LossUnderTest, Numbers } from "./lossCase.js";

/**
 * Thrown where a loss breaks a law; the message says what was expected and what came.
 *
 * @example
 * ```js
 * import { LawBroken, laws } from "lovasz/fuzz";
 *
 * const options = { shape: [1, 1, 1] };
 * const example = { kind: "hinge", values: Float32Array.of(0.5), labels: Int32Array.of(1), options, salt: 0 };
 * const error = await laws.isExtension(() => ({ value: 9, grad: [0] }), example).catch((error) => error);
 * console.log(error instanceof LawBroken); // true
 * ```
 */
export class LawBroken extends Error {
  override readonly name = "LawBroken";
}

/** The result of a loss, copied. */
export interface Asked {
  value: number;
  grad: Float64Array;
}

/** The arguments of a call, copied, so that no loss can change those of the next call. */
export function argumentsOf({ values, labels, options }: LossCase): [Float32Array, Int32Array, CaseOptions] {
  const { classes, shape } = options;
  const copy = { ...options, shape: [...shape] };
  return [values.slice(), labels.slice(), typeof classes === "object" ? { ...copy, classes: [...classes] } : copy];
}

// seconds in which a loss must answer a call
const PATIENCE = 30;
// losses that once did not answer in time, and are not called again
const silent = new WeakSet<LossUnderTest>();

/** Calls `loss` with `example`. Throws `LawBroken` unless it returns a number and a gradient of one number for each value. */
export async function ask(loss: LossUnderTest, example: LossCase): Promise<Asked> {
  return answerTo(loss, example, argumentsOf(example));
}

/** Calls `loss` with these arguments, which are those of `example`. */
export async function answerTo(loss: LossUnderTest, example: LossCase, given: ReturnType<typeof argumentsOf>): Promise<Asked> {
  if (silent.has(loss)) throw new LawBroken(`the loss left an earlier call unanswered for ${PATIENCE} s`);
  let answer: Answer;
  try {
    answer = await inTime(loss, loss(...given));
  } catch (cause) {
    if (cause instanceof LawBroken) throw cause;
    throw new LawBroken(`the loss threw ${cause instanceof Error ? `${cause.name}: ${cause.message}` : describe(cause)}`, { cause });
  }
  if (answer === null || typeof answer !== "object" || !("value" in answer) || !("grad" in answer)) {
    throw new LawBroken(`the loss returned ${describe(answer)}, expected { value, grad }`);
  }
  const [value, grad] = [await inTime(loss, read("value", answer.value)), await inTime(loss, read("grad", answer.grad))];
  if (value.length !== 1) throw new LawBroken(`value holds ${counted(value.length, "number")}, expected one`);
  if (!Number.isFinite(value[0])) throw new LawBroken(`value is ${value[0]}, expected a finite number`);
  const { length } = example.values;
  if (grad.length !== length)
    throw new LawBroken(`grad holds ${counted(grad.length, "number")}, expected ${length}, one for each of the values`);
  const bad = grad.findIndex((derivative) => !Number.isFinite(derivative));
  if (bad >= 0) throw new LawBroken(`grad[${bad}] is ${grad[bad]}, expected a finite number`);
  return { value: value[0], grad };
}

// a promise that never settles would hang the check, or make Node end the process silently
async function inTime<T>(loss: LossUnderTest, answer: T | PromiseLike<T>): Promise<T> {
  if (typeof (answer as PromiseLike<T> | null)?.then !== "function") return answer;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      silent.add(loss);
      reject(new LawBroken(`the loss did not answer within ${PATIENCE} s, expected its promise to settle`));
    }, 1000 * PATIENCE);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function read(name: string, numbers: Numbers): Promise<Float64Array> {
  if (typeof numbers === "number") return Float64Array.of(numbers);
  const holder = numbers as { data?: unknown } | null | undefined;
  const inside: unknown = typeof holder?.data === "function" ? await holder.data() : (holder?.data ?? holder);
  const list = Array.isArray(inside) ? inside.flat(Number.POSITIVE_INFINITY) : inside;
  const isList = Array.isArray(list) || (ArrayBuffer.isView(list) && !(list instanceof DataView));
  if (typeof list === "number") return Float64Array.of(list);
  if (isList && Array.from(list as ArrayLike<unknown>).every((entry) => typeof entry === "number")) {
    return Float64Array.from(list as ArrayLike<number>);
  }
  throw new LawBroken(`${name} is ${describe(numbers)}, expected ${name === "value" ? "a number" : "numbers, as a Float32Array"}`);
}

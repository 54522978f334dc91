// What all devices have in common: arguments checked, calls counted, and an orderly end.
import { LovaszError } from "../errors.js";
import type { LabelArray, Labels } from "../losses/labels.js";
import type { ValueAndGrad, ValueAndGradOptions } from "../losses/valueAndGrad.js";
import { operand } from "../ops/operand.js";
import { describe, flag, isPlain, knownOptions } from "../options.js";
import { type Shape, sameShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { isFloat32, ordinary } from "../typedArray.js";
import { deferredLoss } from "./deferredLoss.js";
import type { Device, DeviceName, Loss } from "./device.js";
import { hold } from "./hold.js";
import * as local from "./local.js";

/**
 * What each kind of device implements. It copies input and labels before it returns, as the caller may change them afterwards; the
 * options are copies already.
 */
export interface Engine {
  readonly name: DeviceName;
  readonly info: Readonly<Record<string, unknown>>;
  /** Whether this device takes this loss of so many numbers; if not, it runs on this thread. */
  sends(loss: Loss, options: object | undefined, size: number): boolean;
  valueAndGrad(loss: Loss, input: Float32Array, labels: LabelArray, options: ValueAndGradOptions): Promise<ValueAndGrad>;
  sort(values: Float32Array, descending: boolean): Promise<Float32Array>;
  cumsum(values: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** The device of `engine`, as users see it. */
export function guarded(engine: Engine): Device {
  const pending = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;
  const call = async <T>(run: () => T | Promise<T>): Promise<T> => {
    if (closing) throw closed(engine.name);
    const settled = Promise.resolve(run());
    pending.add(settled);
    return settled.finally(() => pending.delete(settled));
  };
  const close = async () => {
    await Promise.allSettled(pending);
    await engine.close();
  };
  return {
    name: engine.name,
    get info() {
      return engine.info;
    },
    valueAndGrad: (loss, input, labels, options) =>
      call(() => {
        const held = isSent(engine, loss as Loss, options, input?.length ?? 0) ? hold(input, labels, options) : null;
        if (!held) return local.valueAndGrad(loss as Loss, input, labels, options);
        return engine.valueAndGrad(loss as Loss, held.input, held.labels, held.options);
      }),
    loss: (loss, logits, labels, options) => call(() => lossInGraph(engine, loss as Loss, logits, labels, options)),
    sort: (values, options = {}) =>
      call(() => {
        knownOptions("device.sort", options, ["descending"]);
        return engine.sort(checkValues("device.sort", values), flag("device.sort", "descending", options.descending, false));
      }),
    cumsum: (values) => call(() => engine.cumsum(checkValues("device.cumsum", values))),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

// options that are no plain object are for the loss to refuse
function isSent(engine: Engine, loss: Loss, options: object | undefined, size: number): boolean {
  return isPlain(options ?? {}) && engine.sends(loss, options, size);
}

function lossInGraph(engine: Engine, loss: Loss, logits: Tensor, labels: Labels, options: object | undefined): Tensor | Promise<Tensor> {
  operand("device.loss", logits, "logits");
  const given = (options ?? {}) as { shape?: Shape };
  // `out`, and a shape other than that of the logits, are for the loss to refuse
  const isOdd = Object.hasOwn(given, "out") || (given.shape && !sameShape(given.shape, logits.shape));
  // a loss that runs on this thread may have further tensors in its graph
  const held = isOdd || !isSent(engine, loss, options, logits.size) ? null : hold(new Float32Array(0), labels, options);
  if (!held) return loss(logits, labels, options);
  return deferredLoss(logits, (input, shape) => engine.valueAndGrad(loss, input, held.labels, { ...held.options, shape }));
}

/** `values`, after checking that they are a Float32Array. */
export function checkValues(call: string, values: Float32Array): Float32Array {
  if (isFloat32(values)) return ordinary(values);
  throw new LovaszError("shape", `${call}: values is ${describe(values)}, expected a Float32Array`);
}

/** What calls of a closed device reject with. */
export function closed(name: string): LovaszError {
  return new LovaszError("device", `the device "${name}" is closed; open another by openDevice("${name}")`);
}

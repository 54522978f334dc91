// A device in a page as one of this process, so that the suite of devices runs over it.
import type { Page } from "playwright-core";
import type { Device, DeviceName } from "../../src/device/device.js";
import { guarded } from "../../src/device/guarded.js";
import * as local from "../../src/device/local.js";
import { nameOf } from "../../src/device/threads/losses.js";
import { canSend } from "../../src/device/threads/openThreads.js";
import { LovaszError, type LovaszErrorCode, Tensor } from "../../src/index.js";

interface Packed {
  kind: string;
  bytes: string;
}

type Answer = { result: unknown } | { error: { code: LovaszErrorCode | null; message: string } };

type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

const pack = (values: ArrayLike<number>): Packed => {
  const kinds = [Float32Array, Float64Array, Int32Array, Uint8Array];
  const array = kinds.some((Kind) => values instanceof Kind) ? (values as Numbers) : Float64Array.from(values);
  return { kind: array.constructor.name, bytes: Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64") };
};

const unpack = ({ bytes }: Packed): Float32Array => new Float32Array(Uint8Array.from(Buffer.from(bytes, "base64")).buffer);

/** Asks the device of a page, or of a worker in it, whose script is device.js; rejects with what it rejected with. */
export async function ask<T>(page: Page, where: "ask" | "askWorker", ...call: readonly unknown[]): Promise<T> {
  const answer: Answer = await page.evaluate(`${where}(...${JSON.stringify(call)})`);
  if ("result" in answer) return answer.result as T;
  const { code, message } = answer.error;
  throw code ? new LovaszError(code, message) : new Error(message);
}

/** The device `name` of a page. What can only run where the test does, functions of its own, does. */
export async function pageDevice(page: Page, where: "ask" | "askWorker", name: DeviceName, options: object): Promise<Device> {
  const call = <T>(...of: readonly unknown[]) => ask<T>(page, where, ...of);
  let info = await call<object>("open", name, options);
  return guarded({
    name,
    get info() {
      return info as Record<string, unknown>;
    },
    sends: (loss, settings) => canSend(loss, settings),
    valueAndGrad: async (loss, input, labels, settings = {}) => {
      const { out, pixelWeights, classWeights, ...rest } = settings as typeof settings & Record<"pixelWeights" | "classWeights", Numbers>;
      // what cannot travel is no call
      const isWrong = labels === null || (out !== undefined && out.length !== input.length);
      if (isWrong) return local.valueAndGrad(loss, input, labels, settings);
      const found = await call<{ value: number; grad: Packed }>("valueAndGrad", nameOf(loss), pack(input), pack(valuesOf(labels)), {
        ...rest,
        ...(pixelWeights && { pixelWeights: pack(pixelWeights) }),
        ...(classWeights && { classWeights: pack(classWeights) }),
      });
      info = await call<object>("info");
      const grad = out ?? new Float32Array(input.length);
      grad.set(unpack(found.grad));
      return { value: found.value, grad };
    },
    sort: async (values, descending) => unpack(await call<Packed>("sort", pack(values), descending)),
    cumsum: async (values) => unpack(await call<Packed>("cumsum", pack(values))),
    close: async () => {
      await call("close");
    },
  });
}

const valuesOf = (labels: ArrayLike<number> | Tensor) => (labels instanceof Tensor ? labels.data : labels);

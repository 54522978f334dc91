// The device "gpu": the Lovász losses and sorting on gpu.js, one call after the other; all else in place, in WebAssembly, as is
// every call that the GPU fails.
import { LovaszError } from "../../errors.js";
import type { LossInput } from "../../losses/input.js";
import type { Labels } from "../../losses/labels.js";
import { lovaszHinge } from "../../losses/lovaszHinge.js";
import { lovaszSigmoid } from "../../losses/lovaszSigmoid.js";
import { lovaszSoftmax } from "../../losses/lovaszSoftmax.js";
import type { ValueAndGrad, ValueAndGradOptions } from "../../losses/valueAndGrad.js";
import { flag, knownOptions } from "../../options.js";
import { sameShape } from "../../tensor/shape.js";
import { Tensor } from "../../tensor/tensor.js";
import { deferredLoss } from "../deferredLoss.js";
import type { Device, Loss } from "../device.js";
import { checkValues, copyOfLabels } from "../guarded.js";
import * as inPlace from "../inPlace.js";
import type { Backend } from "./backend.js";
import { readHinge, readSigmoid } from "./binary.js";
import type { Job, Options, Readers } from "./job.js";
import type { Library } from "./library.js";
import { sortOn, unsortable } from "./ordered.js";
import { Session } from "./session.js";
import { readSoftmax } from "./softmax.js";

const READERS: Readers = new Map<Loss<never>, typeof readHinge>([
  [lovaszHinge, readHinge],
  [lovaszSigmoid, readSigmoid],
  [lovaszSoftmax, readSoftmax],
]);

// after so many failures in a row the GPU is left alone
const PATIENCE = 3;

export class GpuDevice implements Device {
  readonly name = "gpu";
  readonly #library: Library;
  readonly #backend: Backend;
  #session: Session | null;
  // the call under way, and those that wait for it
  #tail: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | null = null;
  #onGpu = 0;
  #inPlace = 0;
  #failures = 0;
  #reason: string | null = null;

  constructor(library: Library, backend: Backend) {
    this.#library = library;
    this.#backend = backend;
    this.#session = new Session(library, backend);
  }

  /**
   * `backend`, `renderer`, `software`; how many calls were computed `onGpu` and `inPlace`, in WebAssembly; `reason`: why the last
   * of these was; `failures` of the GPU in a row (after three it is left alone); `programs`: how many it holds compiled.
   */
  get info(): Readonly<Record<string, unknown>> {
    const { mode, renderer, software } = this.#backend;
    return {
      backend: mode,
      renderer,
      software,
      onGpu: this.#onGpu,
      inPlace: this.#inPlace,
      reason: this.#reason,
      failures: this.#failures,
      programs: this.#session?.programs ?? 0,
    };
  }

  async valueAndGrad<O extends object>(
    loss: Loss<O>,
    input: Float32Array,
    labels: Labels,
    options?: O & ValueAndGradOptions,
  ): Promise<ValueAndGrad> {
    this.#checkOpen("valueAndGrad");
    const own = (x: Float32Array, y: Labels) => inPlace.valueAndGrad(loss as Loss, x, y, options);
    const job = this.#read(loss, input, labels, options);
    if (typeof job === "string") return this.#compute(job, () => own(input, labels));
    const [x, y] = [input.slice(), copyOfLabels(labels)];
    const { value, grad } = await this.#attempt(
      (session) => job.run(session),
      () => own(x, y),
    );
    const { out } = (options ?? {}) as ValueAndGradOptions;
    if (out === undefined || out === grad) return { value, grad };
    out.set(grad);
    return { value, grad: out };
  }

  async loss<O extends object>(loss: Loss<O>, logits: Tensor, labels: Labels, options?: O): Promise<Tensor> {
    this.#checkOpen("loss");
    const { shape } = (options ?? {}) as { shape?: readonly number[] };
    const fits = logits instanceof Tensor && !logits.gone && (shape === undefined || sameShape(shape, logits.shape));
    const settings = { ...options, shape: fits ? logits.shape : undefined } as O & ValueAndGradOptions;
    const job = fits ? this.#read(loss, logits.data, labels, settings) : "a call that is wrong";
    if (typeof job === "string") return this.#compute(job, () => loss(logits as LossInput, labels, options));
    const y = copyOfLabels(labels);
    return deferredLoss(logits, (x) =>
      this.#attempt(
        (session) => job.run(session),
        () => inPlace.valueAndGrad(loss as Loss, x, y, settings),
      ),
    );
  }

  async sort(values: Float32Array, options: { descending?: boolean } = {}): Promise<Float32Array> {
    this.#checkOpen("sort");
    const call = "sort(values, options)";
    const copy = checkValues(call, values).slice();
    knownOptions(call, options, ["descending"]);
    const descending = flag(call, "descending", options.descending, false);
    const own = () => inPlace.sort(copy, descending);
    const reason = this.#unusable() || unsortable(copy);
    if (reason) return this.#compute(reason, own);
    return this.#attempt((session) => sortOn(session, copy, descending), own);
  }

  /** In place: sums are carried in float64, which GPUs lack, and the transfer alone takes longer than they do. */
  async cumsum(values: Float32Array): Promise<Float32Array> {
    this.#checkOpen("cumsum");
    checkValues("cumsum(values)", values);
    return this.#compute("a sum in float64", () => inPlace.cumsum(values));
  }

  close(): Promise<void> {
    this.#closing ??= this.#tail.then(() => this.#drop());
    return this.#closing;
  }

  #checkOpen(call: string): void {
    if (this.#closing) throw new LovaszError("device", `${call}: this device is closed; open another with openDevice()`);
  }

  #unusable(): string {
    return this.#failures >= PATIENCE ? `${PATIENCE} failures of the GPU in a row, the last of them: ${this.#reason}` : "";
  }

  // what the arguments ask of the GPU, or why it has no part in it: wrong ones are the loss's own to refuse
  #read<O extends object>(
    loss: Loss<O>,
    input: Float32Array,
    labels: Labels,
    options: (O & ValueAndGradOptions) | undefined,
  ): Job | string {
    const reader = READERS.get(loss as Loss<never>);
    const unusable = this.#unusable();
    if (unusable) return unusable;
    if (!reader) return `a loss other than ${[...READERS.keys()].map(({ name }) => name).join(", ")}`;
    if (!(input instanceof Float32Array)) return "an input that is no Float32Array";
    const { out } = (options ?? {}) as ValueAndGradOptions;
    if (out !== undefined && !(out instanceof Float32Array && out.length === input.length)) return "an out that does not fit";
    try {
      return reader(input, labels, (options ?? {}) as Options);
    } catch (error) {
      if (error instanceof LovaszError) return "a call that is wrong";
      throw error;
    }
  }

  // in place, now
  #compute<T>(reason: string, own: () => T): T {
    const result = own();
    this.#inPlace += 1;
    if (this.#failures < PATIENCE) this.#reason = reason;
    return result;
  }

  // on the GPU, after the calls before; or in place where it fails
  #attempt<T>(onGpu: (session: Session) => Promise<T>, own: () => T): Promise<T> {
    const result = this.#tail.then(async () => {
      const unusable = this.#unusable();
      if (unusable) return this.#compute(unusable, own);
      try {
        this.#session ??= new Session(this.#library, this.#backend);
        const came = await onGpu(this.#session);
        this.#onGpu += 1;
        this.#failures = 0;
        return came;
      } catch (error) {
        const { message } = error as Error;
        const came = this.#compute(message, own);
        this.#failures += 1;
        // whatever went wrong, the next call begins anew; a GPU that hangs may never let go
        void this.#drop();
        return came;
      }
    });
    this.#tail = result.catch(() => undefined);
    return result;
  }

  async #drop(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    // nor may one that is gone
    await session?.close().catch(() => undefined);
  }
}

// The device "gpu": the Lovász losses and sorting on gpu.js, one call after another. All else runs on this thread, in WebAssembly, and so does
// every call that the GPU fails.
import { LovaszError } from "../../errors.js";
import type { LabelArray } from "../../losses/labels.js";
import { lovaszHinge } from "../../losses/lovaszHinge.js";
import { lovaszSigmoid } from "../../losses/lovaszSigmoid.js";
import { lovaszSoftmax } from "../../losses/lovaszSoftmax.js";
import { fitsOut, type ValueAndGrad, type ValueAndGradOptions } from "../../losses/valueAndGrad.js";
import type { Loss } from "../device.js";
import type { Engine } from "../guarded.js";
import * as local from "../local.js";
import type { Backend } from "./backend.js";
import { hinge, sigmoid } from "./binary.js";
import { beyond, type Job, type Options, type Reader } from "./job.js";
import type { Library } from "./library.js";
import { Session } from "./session.js";
import { softmax } from "./softmax.js";
import { sortOn, unsortable } from "./sort.js";

// the losses that run on a GPU
const READERS: ReadonlyMap<Loss<never>, Reader> = new Map<Loss<never>, Reader>([
  [lovaszHinge, hinge],
  [lovaszSigmoid, sigmoid],
  [lovaszSoftmax, softmax],
]);

// after so many failures in a row the GPU is left alone
const PATIENCE = 3;

export class GpuDevice implements Engine {
  readonly name = "gpu";
  readonly #library: Library;
  readonly #backend: Backend;
  #session: Session | null;
  // the call under way, and those that wait for it
  #tail: Promise<unknown> = Promise.resolve();
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

  sends(loss: Loss, options: object | undefined): boolean {
    const reason = this.#unusable() || this.#beyond(loss, options);
    if (reason) this.#count(reason);
    return !reason;
  }

  async valueAndGrad(loss: Loss, input: Float32Array, labels: LabelArray, options: ValueAndGradOptions): Promise<ValueAndGrad> {
    const own = (x: Float32Array, y: LabelArray) => local.valueAndGrad(loss, x, y, options);
    const job = this.#read(loss, input, labels, options);
    if (typeof job === "string") return this.#compute(job, () => own(input, labels));
    const [x, y] = [input.slice(), labels.slice()];
    const { value, grad } = await this.#attempt(
      (session) => job.run(session),
      () => own(x, y),
    );
    const { out } = options;
    if (out === undefined || out === grad) return { value, grad };
    out.set(grad);
    return { value, grad: out };
  }

  async sort(values: Float32Array, descending: boolean): Promise<Float32Array> {
    const copy = values.slice();
    const own = () => local.sort(copy, descending);
    const reason = this.#unusable() || unsortable(copy);
    if (reason) return this.#compute(reason, own);
    return this.#attempt((session) => sortOn(session, copy, descending), own);
  }

  /** On this thread: the sums are in float64, which GPUs lack, and the transfer alone takes longer than the sums. */
  async cumsum(values: Float32Array): Promise<Float32Array> {
    return this.#compute("a sum in float64", () => local.cumsum(values));
  }

  /** To be called when no call is under way. */
  close(): Promise<void> {
    return this.#drop();
  }

  #unusable(): string {
    return this.#failures >= PATIENCE ? `${PATIENCE} failures of the GPU in a row, the last of them: ${this.#reason}` : "";
  }

  // why the GPU does not take such calls, or an empty string
  #beyond(loss: Loss, options: object | undefined): string {
    const reader = READERS.get(loss as Loss<never>);
    if (!reader) return `a loss other than ${[...READERS.keys()].map(({ name }) => name).join(", ")}`;
    return beyond(options ?? {}, reader.options);
  }

  // the job for the GPU, or why it does not take the call; wrong arguments are for the loss to refuse
  #read(loss: Loss, input: Float32Array, labels: LabelArray, { out, ...lossOptions }: ValueAndGradOptions): Job | string {
    if (!fitsOut(out, input)) return "a call that is wrong";
    try {
      return READERS.get(loss as Loss<never>)?.read(input, labels, lossOptions as Options) ?? "a loss that it does not know";
    } catch (error) {
      if (error instanceof LovaszError) return "a call that is wrong";
      throw error;
    }
  }

  // on this thread, now
  #compute<T>(reason: string, own: () => T): T {
    const result = own();
    this.#count(reason);
    return result;
  }

  #count(reason: string): void {
    this.#inPlace += 1;
    if (this.#failures < PATIENCE) this.#reason = reason;
  }

  // on the GPU, after the calls before; or on this thread where it fails
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
        // the next call begins anew, whatever went wrong; a GPU that hangs may never finish closing
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
    // a lost GPU may reject
    await session?.close().catch(() => undefined);
  }
}

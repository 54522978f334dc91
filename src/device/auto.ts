// The device "auto" runs each call where it is fastest. Small calls run on this thread at once. The first larger call opens the workers, and the
// first very large one a GPU, where there may be one; both are measured then. Calls that they fail run on this thread.
import type { LabelArray } from "../losses/labels.js";
import type { ValueAndGrad, ValueAndGradOptions } from "../losses/valueAndGrad.js";
import { type Costs, costsOf, IN_PLACE, type Kind, kindOf, type Plan, predicted, type Runner, threshold } from "./calibration.js";
import type { Device, Loss } from "./device.js";
import { type Engine, guarded } from "./guarded.js";
import * as local from "./local.js";
import type { DeviceOptions } from "./options.js";
import { coresOf } from "./threads/cores.js";
import { canSend, Threads } from "./threads/openThreads.js";

/** Opens the device, at once: workers and a GPU are opened when they are needed. */
export function openAuto(options: DeviceOptions = {}): Device {
  return guarded(new Auto(options));
}

// inputs of fewer numbers are never worth a worker, or a GPU
const LEAST = { threads: 2 ** 15, gpu: 2 ** 20 };
const THREADS: Plan = { kinds: ["images", "classes", "sort"], sizes: [2 ** 15, 2 ** 18], runs: 4 };
const GPU: Plan = { kinds: ["images", "classes", "whole", "sort"], sizes: [2 ** 17, 2 ** 20], runs: 2 };
const WASM: Plan = { ...THREADS, kinds: GPU.kinds };
// after so many failures in a row, the workers are left alone
const PATIENCE = 3;

// what this process has measured
const remembered = new Map<string, Promise<Costs>>();

function remember(key: string, measure: () => Promise<Costs>): Promise<Costs> {
  const known = remembered.get(key) ?? measure();
  remembered.set(key, known);
  // what failed may succeed another time
  known.catch(() => remembered.delete(key));
  return known;
}

type Name = "threads" | "gpu";

/** A device that may be faster than WebAssembly on this thread, with what was measured of it. */
interface Measured extends Pick<Engine, "valueAndGrad" | "sort" | "close"> {
  info: () => object;
  costs: Costs;
  thresholds: Record<Kind, number>;
}

class Auto implements Engine {
  readonly name = "auto";
  readonly #options: DeviceOptions;
  readonly #least: number;
  readonly #opening: Partial<Record<Name, Promise<void>>> = {};
  readonly #opened: Partial<Record<Name, Measured>> = {};
  readonly #missing: Partial<Record<Name, string>> = {};
  readonly #calls = { wasm: 0, threads: 0, gpu: 0 };
  readonly #fallbacks = { count: 0, inARow: 0, last: null as string | null };

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.#least = options.least ?? LEAST.threads;
  }

  /**
   * `calls`: how many each device was given; `thresholds`: from how many numbers on, by kind of call; `threads`, `gpu`: the info of
   * these, or why they cannot be opened; `fallbacks`: how many calls the workers failed, and `lastFallback`: why the last one. A
   * GPU counts its own.
   */
  get info() {
    const say = (name: Name) => this.#opened[name]?.info() ?? this.#missing[name] ?? "not needed so far";
    return {
      calls: { ...this.#calls },
      thresholds: { threads: this.#opened.threads?.thresholds ?? null, gpu: this.#opened.gpu?.thresholds ?? null },
      threads: say("threads"),
      gpu: say("gpu"),
      fallbacks: this.#fallbacks.count,
      lastFallback: this.#fallbacks.last,
    };
  }

  sends(loss: Loss, options: object | undefined, size: number): boolean {
    if (size >= this.#least && canSend(loss, options)) return true;
    this.#calls.wasm += 1;
    return false;
  }

  async valueAndGrad(loss: Loss, input: Float32Array, labels: LabelArray, options: ValueAndGradOptions): Promise<ValueAndGrad> {
    const kind = kindOf(loss, input.length, options);
    if (this.#isReady(input.length)) return this.#choose(kind, input.length).valueAndGrad(loss, input, labels, options);
    const [x, y] = [input.slice(), labels.slice()];
    await this.#prepare(input.length);
    return this.#choose(kind, input.length).valueAndGrad(loss, x, y, options);
  }

  async sort(values: Float32Array, descending: boolean): Promise<Float32Array> {
    const { length } = values;
    if (length < this.#least || this.#isReady(length)) return this.#choose("sort", length).sort(values, descending);
    const copy = values.slice();
    await this.#prepare(length);
    return this.#choose("sort", length).sort(copy, descending);
  }

  // no device is faster: handing it the values would take longer
  async cumsum(values: Float32Array): Promise<Float32Array> {
    return local.cumsum(values);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#opening));
    await Promise.all(Object.values(this.#opened).map((device) => device.close()));
  }

  // the fastest for a call of this kind and size
  #choose(kind: Kind, size: number): Pick<Engine, "valueAndGrad" | "sort"> {
    const { threads, gpu } = this.#opened;
    const usable = (device: Measured | undefined, least: number) => device && size >= Math.max(least, device.thresholds[kind]);
    const byThreads = usable(threads, this.#least) && this.#fallbacks.inARow < PATIENCE;
    const byGpu = usable(gpu, LEAST.gpu);
    const isGpuFaster = byGpu && (!byThreads || predicted(gpu?.costs[kind], size) < predicted(threads?.costs[kind], size));
    const name = isGpuFaster ? "gpu" : byThreads ? "threads" : "wasm";
    this.#calls[name] += 1;
    const chosen = name === "wasm" ? undefined : this.#opened[name];
    return chosen ?? { valueAndGrad: async (...call) => local.valueAndGrad(...call), sort: async (...call) => local.sort(...call) };
  }

  #needed(size: number): Name[] {
    return size >= LEAST.gpu && mayHaveGpu() ? ["threads", "gpu"] : ["threads"];
  }

  #isReady(size: number): boolean {
    return this.#needed(size).every((name) => this.#opened[name] || this.#missing[name]);
  }

  // opens and measures what a call of this size may go to
  async #prepare(size: number): Promise<void> {
    for (const name of this.#needed(size)) {
      this.#opening[name] ??= this.#open(name);
      await this.#opening[name];
    }
  }

  async #open(name: Name): Promise<void> {
    try {
      const device = await (name === "threads" ? this.#openThreads() : this.#openGpu());
      if (typeof device === "string") this.#missing[name] = device;
      else this.#opened[name] = device;
    } catch (error) {
      this.#missing[name] = (error as Error).message;
    }
  }

  async #openThreads(): Promise<Measured | string> {
    const workers = this.#options.workers ?? (await coresOf());
    if (workers < 2) return "a single worker is no faster than the calling thread";
    const { worker } = this.#options;
    const engine = await Threads.open({ workers, worker, least: 0 }, (error) => {
      this.#fallbacks.count += 1;
      this.#fallbacks.inARow += 1;
      this.#fallbacks.last = error.message;
    });
    const measured: Runner = { valueAndGrad: (...call) => engine.valueAndGrad(...call), sort: (values) => engine.sort(values, false) };
    const costs = await remember(`threads ${workers}`, () => costsOf(measured, THREADS));
    // a call that succeeds ends a row of failures
    const watched = async <T>(run: () => Promise<T>): Promise<T> => {
      const before = this.#fallbacks.count;
      const result = await run();
      if (this.#fallbacks.count === before) this.#fallbacks.inARow = 0;
      return result;
    };
    return {
      valueAndGrad: (...call) => watched(() => engine.valueAndGrad(...call)),
      sort: (...call) => watched(() => engine.sort(...call)),
      close: () => engine.close(),
      info: () => engine.info,
      costs,
      thresholds: await thresholdsOf(costs),
    };
  }

  async #openGpu(): Promise<Measured> {
    const { openGpu } = await import("./gpu/openGpu.js");
    const { mode = "auto", allowSoftware = false } = this.#options;
    const device = await openGpu({ mode, allowSoftware });
    const costs = await remember(`gpu ${mode} ${allowSoftware}`, () => costsOf(device, GPU));
    return {
      valueAndGrad: (...call) => device.valueAndGrad(...call),
      sort: (values, descending) => device.sort(values, { descending }),
      close: () => device.close(),
      info: () => device.info,
      costs,
      thresholds: await thresholdsOf(costs),
    };
  }
}

async function thresholdsOf(costs: Costs): Promise<Record<Kind, number>> {
  const base = await remember("wasm", () => costsOf(IN_PLACE, WASM));
  const of = (kind: Kind) => threshold(base[kind], costs[kind]);
  return { images: of("images"), classes: of("classes"), whole: of("whole"), sort: of("sort") };
}

// whether there may be a GPU, so that it is worth loading gpu.js
function mayHaveGpu(): boolean {
  return (globalThis.navigator as { gpu?: unknown } | undefined)?.gpu !== undefined || typeof OffscreenCanvas === "function";
}

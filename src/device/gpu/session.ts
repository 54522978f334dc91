// One opened GPU: an instance of gpu.js, the programs compiled for it, and whether it is still there.
import type { Backend } from "./backend.js";
import type { Gpu, Library, Pipeline } from "./library.js";
import { extents, type Layout, layoutOf } from "./programs.js";

// compiled programs kept; each holds its buffers
const MOST_PROGRAMS = 8;

// sessions on WebGPU, which share one device
let sharing = 0;

export class Session {
  readonly backend: Backend;
  readonly #library: Library;
  readonly #gpu: Gpu;
  // the least recently used first
  readonly #programs = new Map<string, Pipeline>();
  // ends the call under way
  #fail: (error: Error) => void = () => undefined;
  #watching: Promise<void> | null = null;

  constructor(library: Library, backend: Backend) {
    this.#library = library;
    this.backend = backend;
    this.#gpu = new library({ mode: backend.mode });
    if (backend.mode === "webgpu") sharing += 1;
  }

  /** How many programs are compiled. */
  get programs(): number {
    return this.#programs.size;
  }

  /** The layout of a row of at least `n` elements. */
  layout(n: number): Layout {
    return layoutOf(n, this.backend.lines);
  }

  /** How many times `rows` rows may be computed at once. Throws where not once; `what` says what they are. */
  atOnce({ size }: Layout, rows: number, what: string): number {
    const { elements } = this.backend;
    // along an axis WebGPU starts at most 65,535 groups
    const times = Math.floor(Math.min(32_768, elements / size) / rows);
    if (times > 0) return times;
    throw new Error(`its arrays hold ${elements} numbers, too few for ${what}`);
  }

  /** `values` as rows, for a program. */
  rows(values: Float32Array, layout: Layout): unknown {
    return this.#library.input(values, extents(layout, values.length / layout.size));
  }

  /**
   * The results of the program named `name`, which `make` compiles at its first use. Rejects where the device is lost, for gpu.js itself
   * may answer with zeros then, or never.
   */
  async run(name: string, make: (gpu: Gpu) => Pipeline, inputs: readonly unknown[]): Promise<unknown> {
    const { mode } = this.backend;
    try {
      const program = await this.#program(name, make);
      const came = await new Promise((done, fail) => {
        this.#fail = fail;
        program(...inputs).then(done, fail);
        if (mode === "webgpu") this.#watching ??= this.#watch();
      });
      this.#checkContext();
      if (program.backend !== (mode === "webgpu" ? "webgpu" : "gpu")) throw new Error(`gpu.js left ${mode} for ${program.backend}`);
      return came;
    } catch (error) {
      // a lost context is the true reason of whatever else failed
      this.#checkContext();
      throw error;
    }
  }

  // once a session, not a call: a promise that does not settle keeps all that wait for it alive
  async #watch(): Promise<void> {
    try {
      const { device } = await this.#library.WebGPUContext.acquire();
      const { message } = await device.lost;
      this.#fail(new Error(`the WebGPU device was lost${message ? `: ${message}` : ""}`));
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #checkContext(): void {
    if (this.#gpu.context?.isContextLost()) throw new Error("the WebGL2 context was lost");
  }

  async #program(name: string, make: (gpu: Gpu) => Pipeline): Promise<Pipeline> {
    const program = this.#programs.get(name) ?? make(this.#gpu);
    this.#programs.delete(name);
    this.#programs.set(name, program);
    if (this.#programs.size > MOST_PROGRAMS) {
      const [oldest, unused] = this.#programs.entries().next().value as [string, Pipeline];
      this.#programs.delete(oldest);
      await unused.destroy();
    }
    return program;
  }

  /** Frees programs, buffers and, with the last session, the device. No call may be under way. */
  async close(): Promise<void> {
    for (const program of this.#programs.values()) await program.destroy();
    this.#programs.clear();
    await this.#gpu.destroy();
    if (this.backend.mode !== "webgpu") return;
    sharing -= 1;
    if (sharing === 0) await this.#library.WebGPUContext.destroy();
  }
}

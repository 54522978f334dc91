// gpu.js for tests without a GPU: its mode "cpu" runs the same kernels in JavaScript, and what comes back may be tampered with.
import gpuJs from "gpu.js/dist/gpu-browser.js";
import type { Gpu, Library, Pipeline } from "../../src/device/gpu/library.js";

export interface Tampering {
  /** Turns each result into what the device gets; it may throw. Default: as it is. */
  result: (result: unknown) => unknown;
  /** Whether the WebGL2 context says that it is lost. */
  lost: boolean;
}

/** A library whose instances compute on the CPU, and what was made of it. */
export function cpuLibrary() {
  const tampering: Tampering = { result: (result) => result, lost: false };
  const made = { instances: 0, pipelines: 0, destroyed: 0, closed: 0 };
  const running = { now: 0, most: 0 };
  class CpuGpu implements Gpu {
    readonly #gpu = new gpuJs({ mode: "cpu" as never });
    constructor() {
      made.instances += 1;
    }
    get context() {
      return { isContextLost: () => tampering.lost } as WebGL2RenderingContext;
    }
    createKernel(source: string, settings: object) {
      return this.#gpu.createKernel(source, settings);
    }
    createPipeline(trace: (...inputs: unknown[]) => unknown): Pipeline {
      const pipeline = this.#gpu.createPipeline(trace);
      made.pipelines += 1;
      const call = async (...inputs: unknown[]) => {
        running.now += 1;
        running.most = Math.max(running.most, running.now);
        const result = await pipeline(...inputs);
        running.now -= 1;
        return tampering.result(result);
      };
      const destroy = async () => {
        made.destroyed += 1;
        await pipeline.destroy();
      };
      return Object.assign(call, { backend: "gpu", destroy });
    }
    async destroy() {
      made.closed += 1;
      await this.#gpu.destroy();
    }
  }
  const library = Object.assign(CpuGpu, { input: gpuJs.input, isWebGL2Supported: true, WebGPUContext: {} }) as unknown as Library;
  return { library, tampering, made, running };
}

// gpu.js as far as it is used here. Its browser build is bundled into a chunk of its own, which this module loads when asked.

/** A kernel that a pipeline traces: what it takes and gives are handles there. */
export type Kernel = (...inputs: unknown[]) => unknown;

/** A compiled chain of kernels: one upload of its inputs, one read-back of its results. */
export interface Pipeline {
  (...inputs: unknown[]): Promise<unknown>;
  /** The mode its kernels run in: "webgpu", or "gpu" for WebGL. */
  readonly backend: string;
  /** Waits for the call under way, then frees buffers, textures and programs. */
  destroy(): Promise<void>;
}

export interface Gpu {
  readonly context: WebGL2RenderingContext | null;
  createKernel(source: string, settings: object): Kernel;
  createPipeline(trace: (...inputs: unknown[]) => unknown): Pipeline;
  destroy(): Promise<void>;
}

/** The device that all instances of gpu.js in mode "webgpu" share. */
interface SharedDevice {
  acquire(): Promise<{ device: { lost: Promise<{ message: string }>; limits: Record<string, number> } }>;
  destroy(): Promise<void>;
}

export interface Library {
  new (settings: { mode: "webgpu" | "webgl2" }): Gpu;
  /** An array with its extents, innermost first. */
  input(values: Float32Array, extents: readonly number[]): unknown;
  readonly isWebGL2Supported: boolean;
  readonly WebGPUContext: SharedDevice;
}

/** gpu.js. It assigns itself to `globalThis.GPU`, which pages with WebGPU need for the browser's own: this restores that. */
export async function loadLibrary(): Promise<Library> {
  const before = Object.getOwnPropertyDescriptor(globalThis, "GPU");
  const { default: library } = await import("gpu.js/dist/gpu-browser.js");
  if (before) Object.defineProperty(globalThis, "GPU", before);
  else Reflect.deleteProperty(globalThis, "GPU");
  return library;
}

// Which GPUs there are, by each way that a page can reach one.

export interface Backend {
  readonly mode: "webgpu" | "webgl2";
  /** The renderer, as it names itself. */
  readonly renderer: string;
  /** Whether it is a program on the CPU. */
  readonly software: boolean;
  /** How many float32 an array may hold. */
  readonly elements: number;
  /** In how many lines a row of an array may lie. */
  readonly lines: number;
}

/** A backend, or why there is none. */
export type Probe = Backend | string;

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i;

// memory for some eight arrays of this many float32 is 2 GiB
const MOST_ELEMENTS = 2 ** 26;

/** WebGPU: the page's, or in Node what the user put in `globalThis.navigator.gpu`. */
export async function probeWebGPU(): Promise<Probe> {
  const { gpu } = (globalThis.navigator ?? {}) as { gpu?: WebGPU };
  if (!gpu) return `globalThis.navigator.gpu is missing${inNode ? "; packages that bring WebGPU to Node can provide it" : ""}`;
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) return "navigator.gpu has no adapter to offer";
  const { vendor = "", architecture = "", description = "", isFallbackAdapter } = adapter.info ?? {};
  const renderer = [vendor, architecture, description].filter(Boolean).join(" ") || "unnamed";
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  return {
    mode: "webgpu",
    renderer,
    software: Boolean(isFallbackAdapter ?? adapter.isFallbackAdapter) || SOFTWARE.test(renderer),
    elements: Math.min(MOST_ELEMENTS, maxStorageBufferBindingSize / 4, maxBufferSize / 4),
    // 65,535 groups of 8 lines are the most along an axis
    lines: 2 ** 18,
  };
}

/** WebGL2 with textures of floats to draw to. */
export function probeWebGL2(isSupported: boolean): Probe {
  const canvas = isSupported ? newCanvas() : null;
  const gl = canvas?.getContext("webgl2") as WebGL2RenderingContext | null;
  if (!gl) return inNode ? "there is no WebGL2 in Node" : "this browser gives no WebGL2 context";
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  const side = Number(gl.getParameter(gl.MAX_TEXTURE_SIZE));
  const floats = gl.getExtension("EXT_color_buffer_float");
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  if (!floats) return `the WebGL2 of ${renderer} cannot draw to float32 textures`;
  return {
    mode: "webgl2",
    renderer,
    software: SOFTWARE.test(renderer),
    elements: Math.min(MOST_ELEMENTS, side * side),
    // gpu.js makes the lines of a single row those of a texture; all WebGL2 has 2,048
    lines: side >= 4096 ? 4096 : 2048,
  };
}

const inNode = typeof process === "object" && typeof process?.versions?.node === "string";

function newCanvas(): HTMLCanvasElement | OffscreenCanvas | null {
  // first, as WebKitGTK gives WebGL2 to canvases of the document alone, and as gpu.js takes one
  if (typeof document !== "undefined") return document.createElement("canvas");
  return typeof OffscreenCanvas !== "undefined" ? new OffscreenCanvas(1, 1) : null;
}

// what is used of WebGPU, whose types TypeScript's DOM library lacks
interface WebGPU {
  requestAdapter(): Promise<Adapter | null>;
}

interface Adapter {
  readonly info?: { vendor?: string; architecture?: string; description?: string; isFallbackAdapter?: boolean };
  readonly isFallbackAdapter?: boolean;
  readonly limits: { maxStorageBufferBindingSize: number; maxBufferSize: number };
}

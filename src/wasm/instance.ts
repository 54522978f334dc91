// The single instance of the WebAssembly core, ready as soon as this module is loaded.
import base64 from "lovasz-core";
import { LovaszError } from "../errors.js";

/** The exports of the core by name. */
export type Kernels = Awaited<ReturnType<typeof import("../../build/release.js")["instantiate"]>>;

function instantiate(): Kernels {
  if (typeof WebAssembly === "undefined") {
    throw refusal("which this JavaScript engine lacks or has switched off; run it without --jitless, or in another engine");
  }
  const binary = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  if (!WebAssembly.validate(binary)) {
    const since = "Node 16.4, Chrome 91, Firefox 89 or Safari 16.4, on a processor that has it";
    throw refusal(`with its 128-bit SIMD instructions, which this JavaScript engine lacks; use at least ${since}`);
  }
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(binary)).exports as unknown as Kernels;
  } catch (cause) {
    const cure = "a page's Content-Security-Policy must allow 'wasm-unsafe-eval' in script-src, and a process 1 MiB of memory";
    throw refusal(`which was refused here: ${cause instanceof Error ? cause.message : cause}; ${cure}`, cause);
  }
}

function refusal(why: string, cause?: unknown): LovaszError {
  return new LovaszError("device", `lovasz needs WebAssembly, ${why}`, { cause });
}

/** The exports of `assembly/index.ts`. Pointers and counts come back as signed 32-bit integers: `>>> 0` before use. */
export const kernels = instantiate();

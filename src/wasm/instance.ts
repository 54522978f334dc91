// The one instance of the WebAssembly core, ready when this module is.
import base64 from "lovasz-core";

/** The exports of the core by name. */
export type Kernels = Awaited<ReturnType<typeof import("../../build/release.js")["instantiate"]>>;

const binary = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const instance = new WebAssembly.Instance(new WebAssembly.Module(binary));

/** The exports of `assembly/index.ts`. Pointers and counts come back as signed 32-bit integers: `>>> 0` before use. */
export const kernels = instance.exports as unknown as Kernels;

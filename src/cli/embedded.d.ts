// Types of the modules that `embed` of rollup.config.mjs substitutes in the bundle and in tests, and of a package without types.

/** The WebAssembly of libjpeg-turbo in base64. */
declare module "lovasz-libjpeg" {
  const base64: string;
  export default base64;
}

/** Calls a loss in Python: fuzz/bridge.py. */
declare module "lovasz-bridge" {
  const source: string;
  export default source;
}

/** A loss in Python to fill in: fuzz/starter.py. */
declare module "lovasz-starter" {
  const source: string;
  export default source;
}

/** uPlot, which the report carries: its script, which defines `uPlot`, and its style sheet. */
declare module "lovasz-uplot" {
  export const script: string;
  export const style: string;
}

/** What is used of libjpeg-turbo, compiled by Emscripten. */
declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs" {
  interface Codec {
    readonly HEAPU8: Uint8Array;
    readonly JPEGDecoder: new () => {
      getEncodedBuffer(length: number): Uint8Array;
      decode(): void;
      getDecodedBuffer(): Uint8ClampedArray;
      delete(): void;
    };
  }
  interface CodecOptions {
    instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): object;
    print(text: string): void;
    printErr(text: string): void;
  }
  export default function create(options: CodecOptions): Promise<Codec>;
}

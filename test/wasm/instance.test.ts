// The start of the core, and the one sentence that an engine without WebAssembly or its SIMD gets.
import { afterEach, expect, test, vi } from "vitest";

// of test/setup, whose copy of the core hides why there is none
vi.unmock("../../src/wasm/instance.js");

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const load = () => {
  vi.resetModules();
  return import("../../src/wasm/instance.js");
};

const fail = (error: Error) =>
  function failing() {
    throw error;
  };

test.each<[string, () => unknown, RegExp]>([
  [
    "has no WebAssembly",
    () => vi.stubGlobal("WebAssembly", undefined),
    /lovasz needs WebAssembly, .*lacks or has switched off; .*--jitless/,
  ],
  ["has no SIMD", () => vi.spyOn(WebAssembly, "validate").mockReturnValue(false), /needs WebAssembly, with its 128-bit SIMD .*Node 16\.4/],
  [
    "forbids to compile",
    () =>
      vi.spyOn(WebAssembly, "Module").mockImplementation(fail(new WebAssembly.CompileError("Wasm code generation disallowed")) as never),
    /refused here: Wasm code generation disallowed; .*'wasm-unsafe-eval'/,
  ],
  [
    "has no memory",
    () => vi.spyOn(WebAssembly, "Instance").mockImplementation(fail(new RangeError("could not allocate memory")) as never),
    /refused here: could not allocate memory; .*9 MiB/,
  ],
])("an engine that %s gets one sentence", async (_, break_, message) => {
  break_();
  await expect(load()).rejects.toMatchObject({ name: "LovaszError", code: "device", message: expect.stringMatching(message) });
});

test("the core starts", async () => {
  expect((await load()).kernels.allocate(4) >>> 0).toBeGreaterThan(0);
});

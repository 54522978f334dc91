// Every allocation kills all views of the core's memory, as growing does now and then. So any test notices a view that is taken
// before an allocation and used after it.
import { vi } from "vitest";

vi.mock("../../src/wasm/instance.js", async (original) => {
  const { kernels } = await original<typeof import("../../src/wasm/instance.js")>();
  // before a test mocks it
  const { grow } = WebAssembly.Memory.prototype;
  const allocate = (bytes: number) => {
    const pointer = kernels.allocate(bytes);
    // the same memory, as another ArrayBuffer
    grow.call(kernels.memory, 0);
    return pointer;
  };
  return { kernels: { ...kernels, allocate } };
});

// Every allocation kills all views of the core's memory, as growing does now and then. So any test notices a view that is taken
// before an allocation and used after it.
import { vi } from "vitest";

vi.mock("../../src/wasm/instance.js", async (original) => {
  const instance = await original<typeof import("../../src/wasm/instance.js")>();
  // before a test mocks it
  const { grow } = WebAssembly.Memory.prototype;
  const deadly = (core: typeof instance.kernels) => {
    const allocate = (bytes: number) => {
      const pointer = core.allocate(bytes);
      // the same memory, as another ArrayBuffer
      grow.call(core.memory, 0);
      return pointer;
    };
    return { ...core, allocate };
  };
  let kernels = deadly(instance.kernels);
  return {
    get kernels() {
      return kernels;
    },
    shareMemory: () => {
      const memory = instance.shareMemory();
      kernels = deadly(instance.kernels);
      return memory;
    },
  };
});

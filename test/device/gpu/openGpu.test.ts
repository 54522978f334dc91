// Opening the device "gpu" in Node, where there is no GPU but what the user brings.
import { afterEach, describe, expect, test, vi } from "vitest";
import { openGpu } from "../../../src/device/gpu/openGpu.js";
import type { GpuOptions } from "../../../src/index.js";
import { LovaszError, lovaszHinge, valueAndGrad } from "../../../src/index.js";

const limits = { maxStorageBufferBindingSize: 2 ** 27, maxBufferSize: 2 ** 28 };
const noDevice = () => Promise.reject(new Error("no device today"));

function bring(adapter: object | null): void {
  vi.stubGlobal("navigator", { gpu: { requestAdapter: async () => adapter } });
}

async function refusal(options?: GpuOptions): Promise<LovaszError> {
  const error = await openGpu(options).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LovaszError);
  return error as LovaszError;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("openGpu(options)", () => {
  test("says what is missing, in each mode, and what to do", async () => {
    vi.stubGlobal("navigator", undefined);
    const { code, message } = await refusal();
    expect(code).toBe("device");
    expect(message).toMatch(
      /^openDevice\("gpu", options\): there is no usable GPU \(WebGPU: globalThis.navigator.gpu is missing; packages that/,
    );
    expect(message).toMatch(/WebGL2: there is no WebGL2 in Node\); openDevice\("auto"\) computes without a GPU$/);
    expect((await refusal({ mode: "webgpu" })).message).not.toMatch(/WebGL2/);
    expect((await refusal({ mode: "webgl2" })).message).not.toMatch(/WebGPU/);
    bring(null);
    expect((await refusal()).message).toMatch(/WebGPU: navigator.gpu has no adapter to offer/);
  });

  test("refuses options that it does not know", async () => {
    for (const options of [{ mode: "cuda" }, { allowSoftware: 1 }, { software: true }] as never[]) {
      expect((await refusal(options)).code).toBe("option");
    }
  });

  test.each([
    ["isFallbackAdapter", { isFallbackAdapter: true, vendor: "acme" }],
    ["its architecture", { architecture: "swiftshader" }],
    ["its description", { description: "llvmpipe (LLVM 15)" }],
  ])("knows a renderer on the CPU by %s, and takes it only where that is allowed", async (_, info) => {
    bring({ info, limits, requestDevice: noDevice });
    expect((await refusal()).message).toMatch(/runs on the CPU, which \{ allowSoftware: true \} permits/);
    const device = await openGpu({ allowSoftware: true });
    expect(device.info).toMatchObject({ backend: "webgpu", software: true });
    await device.close();
  });

  test("takes the user's own WebGPU, answers in place where that gives no device, and leaves globalThis as it was", async () => {
    bring({ info: { vendor: "acme", architecture: "one" }, limits, requestDevice: noDevice });
    const names = Object.getOwnPropertyNames(globalThis);
    const device = await openGpu();
    expect(device.info).toMatchObject({ backend: "webgpu", renderer: "acme one", software: false });
    const logits = Float32Array.of(1, -2, 0.5);
    const came = await device.valueAndGrad(lovaszHinge, logits, [1, 0, 0]);
    expect(came).toEqual(valueAndGrad(lovaszHinge)(logits, [1, 0, 0]));
    expect(device.info).toMatchObject({ inPlace: 1, failures: 1, reason: expect.stringMatching(/no device today/) });
    await device.close();
    expect(Object.getOwnPropertyNames(globalThis)).toEqual(names);
  });
});

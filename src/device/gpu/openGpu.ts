// Opens the device "gpu": chooses a way to a GPU, or says why there is none. This module and gpu.js are loaded only when asked for.
import { LovaszError } from "../../errors.js";
import { knownOptions } from "../../options.js";
import type { Device } from "../device.js";
import { guarded } from "../guarded.js";
import { type GpuOptions, readGpuOptions } from "../options.js";
import { type Backend, type Probe, probeWebGL2, probeWebGPU } from "./backend.js";
import { GpuDevice } from "./GpuDevice.js";
import { type Library, loadLibrary } from "./library.js";

/**
 * The device "gpu". In Node it takes the WebGPU that the user put in `globalThis.navigator.gpu`.
 *
 * Throws (rejects with) `LovaszError` "device" where there is no usable GPU, "option" for options it does not know.
 */
export async function openGpu(options: GpuOptions = {}): Promise<Device> {
  const call = 'openDevice("gpu", options)';
  knownOptions(call, options, ["mode", "allowSoftware"]);
  const { mode, allowSoftware } = readGpuOptions(call, options);
  const library = await loadLibrary();
  const probes = await probe(library, mode);
  const backends = Object.values(probes).filter((one): one is Backend => typeof one !== "string");
  const backend = backends.find(({ software }) => !software) ?? (allowSoftware ? backends[0] : undefined);
  if (backend) return guarded(new GpuDevice(library, backend));
  throw new LovaszError("device", `${call}: ${complaint(probes)}; openDevice("auto") computes without a GPU`);
}

async function probe(library: Library, mode: string): Promise<Record<string, Probe>> {
  const probes: Record<string, Probe> = {};
  if (mode !== "webgl2") probes.WebGPU = await probeWebGPU();
  if (mode !== "webgpu") probes.WebGL2 = probeWebGL2(library.isWebGL2Supported);
  return probes;
}

function complaint(probes: Record<string, Probe>): string {
  const reasons = Object.entries(probes).map(([name, one]) =>
    typeof one === "string" ? `${name}: ${one}` : `${name}: ${one.renderer} runs on the CPU, which { allowSoftware: true } permits`,
  );
  return `there is no usable GPU (${reasons.join("; ")})`;
}

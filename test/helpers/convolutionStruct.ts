import { kernels } from "../../src/wasm/instance.js";

/** The struct of a convolution, whose offsets are exported by the names of its fields. */
export function structOf(fields: Record<string, number>): Float64Array<ArrayBuffer> {
  const struct = new Float64Array(kernels.CONVOLUTION_BYTES.value / 8);
  const view = new DataView(struct.buffer);
  for (const [name, value] of Object.entries(fields)) {
    const key = `CONVOLUTION_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
    const { value: offset } = (kernels as unknown as Record<string, { value: number }>)[key];
    if (name === "limit") view.setFloat64(offset, value, true);
    else view.setUint32(offset, value, true);
  }
  return struct;
}

// The devices in Firefox, where one is installed.
import { describe, expect, test } from "vitest";
import { lovaszSoftmax, valueAndGrad } from "../../src/index.js";
import { firefox, inFirefox } from "../helpers/firefox.mjs";
import { ISOLATED } from "../helpers/serve.mjs";

const SCRIPT = `import("/dist/index.js").then(async ({ lovaszSoftmax, openDevice }) => {
  const input = Float32Array.from({ length: 3 * 2 ** 14 }, (_, i) => Math.sin(i));
  const labels = Uint8Array.from({ length: 2 ** 14 }, (_, i) => i % 3);
  const came = {};
  for (const name of ["wasm", "threads", "auto"]) {
    const device = await openDevice(name, name === "wasm" ? {} : { workers: 2 });
    const { value } = await device.valueAndGrad(lovaszSoftmax, input, labels, { shape: [1, 3, 2 ** 14] });
    came[name] = { value, info: device.info };
    await device.close();
  }
  return came;
})`;

describe.skipIf(!firefox)("Firefox", () => {
  test.each([
    ["without isolation", {}, "copied"],
    ["isolated", ISOLATED, "shared"],
  ])("computes on every device, %s", async (_, headers, memory) => {
    const input = Float32Array.from({ length: 3 * 2 ** 14 }, (_, i) => Math.sin(i));
    const labels = Uint8Array.from({ length: 2 ** 14 }, (_, i) => i % 3);
    const { value } = valueAndGrad(lovaszSoftmax)(input, labels, { shape: [1, 3, 2 ** 14] });
    const close = expect.closeTo(value, 6);
    expect(await inFirefox("", SCRIPT, { "/dist/": new URL("../../dist/", import.meta.url) }, headers)).toMatchObject({
      wasm: { value: close },
      threads: { value: close, info: { workers: 2, memory } },
      auto: { value: close },
    });
  });
});

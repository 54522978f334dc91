import { describe, expect, test } from "vitest";
import { openDevice } from "../../src/index.js";
import { WORKER } from "../helpers/worker.js";

describe("openDevice(name, options)", () => {
  test.each([
    [{ threads: 2 }, /has no option "threads"; it knows workers, least, worker, mode, allowSoftware/],
    [{ workers: 0 }, /workers is 0, expected a finite number from 1 to 256/],
    [{ workers: 1.5 }, /workers is 1.5, expected an integer from 1 to 256/],
    [{ least: -1 }, /least is -1, expected a finite number of at least 0/],
    [{ worker: 7 }, /worker is 7, expected the URL of worker\.js, as a string or URL/],
    [{ mode: "x" }, /mode is "x", expected "webgpu" or "webgl2" or "auto"/],
    [{ allowSoftware: "yes" }, /allowSoftware is "yes", expected true or false/],
    [null, /options is null, expected an object/],
    ["gpu", /options is "gpu", expected an object/],
  ])("refuses the options %j for every device", async (options, message) => {
    for (const name of ["auto", "wasm", "threads", "gpu", undefined] as const) {
      const refused = expect(openDevice(name, options as never)).rejects;
      await refused.toMatchObject({ name: "LovaszError", code: "option", message: expect.stringMatching(message) });
    }
  });

  test("refuses names of no device", async () => {
    await expect(openDevice("fpga" as never)).rejects.toMatchObject({
      code: "option",
      message: expect.stringMatching(/name is "fpga", expected "auto" or "wasm" or "threads" or "gpu"/),
    });
  });

  test("takes right options of other devices, which have no effect", async () => {
    const device = await openDevice("wasm", { workers: 2, least: 0, worker: WORKER, mode: "webgl2", allowSoftware: true });
    expect(device.name).toBe("wasm");
    await device.close();
  });
});

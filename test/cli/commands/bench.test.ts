import { expect, test } from "vitest";
import { call } from "../helpers/call.js";

test("lovasz bench --json prints the machine, and a row for each kernel and each loss on each device", { timeout: 120_000 }, async () => {
  const { code, out, err } = await call("bench", "--json", "--rounds", "1");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const { machine, results } = JSON.parse(out);
  expect(machine).toMatch(/^lovasz \d+\.\d+\.\d+, .+, \d+ cores, Node v/);
  expect(results.length).toBeGreaterThan(7);
  for (const { what, device, median, spread, count } of results) {
    expect(["wasm", "threads", "gpu"], what).toContain(device);
    expect(median, what).toBeGreaterThan(0);
    expect(spread, what).toBeGreaterThanOrEqual(0);
    expect(count, what).toBeGreaterThan(0);
  }
});

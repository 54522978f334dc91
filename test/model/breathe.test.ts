import { afterEach, expect, test, vi } from "vitest";
import { breathe } from "../../src/model/breathe.js";

afterEach(() => vi.unstubAllGlobals());

test.each(["setImmediate", "a MessageChannel, as in a page"])("lets other tasks run, by %s", async (how) => {
  if (how !== "setImmediate") vi.stubGlobal("setImmediate", undefined);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 0);
  const deadline = performance.now() + 5000;
  while (ticks === 0 && performance.now() < deadline) await breathe();
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(0);
});

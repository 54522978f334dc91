// Renaming where another program has a file open, as Windows refuses it.
import { afterEach, expect, test, vi } from "vitest";
import { rename } from "../../src/cli/rename.js";

const refusals: string[] = [];
const renamed = vi.hoisted(() => vi.fn());
vi.mock("node:fs", async (original) => ({
  ...(await original<typeof import("node:fs")>()),
  renameSync: (...paths: string[]) => {
    const code = refusals.shift();
    if (code) throw Object.assign(new Error(`${code}: refused`), { code });
    renamed(...paths);
  },
}));

const { platform } = process;
const on = (name: string) => Object.defineProperty(process, "platform", { value: name });
afterEach(() => {
  on(platform);
  refusals.length = 0;
  vi.clearAllMocks();
});

test("tries again on Windows until the other program has closed it", () => {
  on("win32");
  refusals.push("EPERM", "EACCES", "EBUSY");
  rename("a", "b");
  expect(renamed.mock.calls).toEqual([["a", "b"]]);
});

test("gives up after two seconds", () => {
  on("win32");
  refusals.push(...Array.from({ length: 1000 }, () => "EBUSY"));
  const start = performance.now();
  expect(() => rename("a", "b")).toThrow("EBUSY: refused");
  expect(performance.now() - start).toBeGreaterThan(1900);
  expect(renamed).not.toHaveBeenCalled();
});

test.each([
  ["win32", "ENOENT"],
  ["linux", "EPERM"],
])("on %s, %s is told at once", (name, code) => {
  on(name);
  refusals.push(code);
  expect(() => rename("a", "b")).toThrow(`${code}: refused`);
  expect(refusals).toEqual([]);
  expect(renamed).not.toHaveBeenCalled();
});

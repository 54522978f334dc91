import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { WrongCall } from "../../../src/cli/exits.js";
import { lock } from "../../../src/cli/run/lock.js";
import { temporaryFolder } from "../helpers/files.js";

const root = temporaryFolder();
const dead = spawnSync(process.execPath, ["-e", ""]).pid;
let count = 0;
const file = () => join(root, String(count++));

test("a lock is held until it is given back", () => {
  const path = file();
  const unlock = lock(path, "runs/one");
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ process: process.pid, machine: hostname() });
  expect(() => lock(path, "runs/one")).toThrow(WrongCall);
  expect(() => lock(path, "runs/one")).toThrow(
    `runs/one is being trained by process ${process.pid}; wait for it or end it; if that is no lovasz train, remove ${path}`,
  );
  unlock();
  expect(existsSync(path)).toBe(false);
  lock(path, "runs/one")();
});

test.each([
  ["of a process that was killed", JSON.stringify({ process: dead, machine: hostname() })],
  ["with the number of this process, which another had", JSON.stringify({ process: process.pid, machine: hostname() })],
  ["of a process that was killed while it wrote", '{"proc'],
])("a lock %s counts for nothing", (_, text) => {
  const path = file();
  writeFileSync(path, text);
  const unlock = lock(path, "runs/one");
  expect(JSON.parse(readFileSync(path, "utf8")).process).toBe(process.pid);
  unlock();
});

test("a lock of another machine counts as long as its holder touches it", () => {
  const path = file();
  writeFileSync(path, JSON.stringify({ process: 1, machine: "elsewhere" }));
  expect(() => lock(path, "runs/one")).toThrow(/^runs\/one is being trained by process 1 of elsewhere; /);
  const old = new Date(Date.now() - 180_000);
  utimesSync(path, old, old);
  lock(path, "runs/one")();
});

test("the holder touches its lock", () => {
  vi.useFakeTimers();
  try {
    const path = file();
    const unlock = lock(path, "runs/one");
    const old = new Date(0);
    utimesSync(path, old, old);
    vi.advanceTimersByTime(60_000);
    expect(statSync(path).mtimeMs).toBeGreaterThan(0);
    unlock();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("a lock whose folder was taken away can be given back", () => {
  const unlock = lock(file(), "runs/one");
  expect(unlock).not.toThrow();
  expect(unlock).not.toThrow();
});

import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WrongCall } from "../../src/cli/exits.js";
import { absolute, fromHere, GONE, isGone, workingFolder } from "../../src/cli/workingFolder.js";
import { temporaryFolder } from "./helpers/files.js";

// what Node throws where the working directory was deleted
const failure = Object.assign(new Error("ENOENT: no such file or directory, uv_cwd"), { code: "ENOENT", syscall: "uv_cwd" });
const mockCwd = (answer: () => string) => vi.spyOn(process, "cwd").mockImplementation(answer);
const deleted = () =>
  mockCwd(() => {
    throw failure;
  });
afterEach(() => vi.restoreAllMocks());

describe("workingFolder", () => {
  test("is where the process works", () => expect(workingFolder()).toBe(process.cwd()));

  test("is a wrong call where that was deleted", () => {
    deleted();
    expect(workingFolder).toThrow(new WrongCall(GONE));
  });
});

describe("absolute", () => {
  test("takes paths from the working directory", () => {
    expect(absolute("a/../b")).toBe(resolve("b"));
    expect(absolute("/a/../b")).toBe("/b");
  });

  test("needs no working directory for a path that is absolute", () => {
    deleted();
    expect(absolute("/a")).toBe("/a");
    expect(() => absolute("a")).toThrow(new WrongCall(GONE));
  });

  test("refuses a working directory whose name Node cannot tell", () => {
    mockCwd(() => "/no\uFFFDname");
    expect(() => absolute("a")).toThrow(WrongCall);
    expect(() => absolute("a")).toThrow(/bytes that are not UTF-8; change to another, or pass absolute paths$/);
  });
});

describe("fromHere", () => {
  const root = temporaryFolder();
  const start = process.cwd();
  const folder = join(root, "folder");
  beforeEach(() => mkdirSync(folder, { recursive: true }));

  test("is the path from the working directory", () => {
    expect(fromHere(join(start, "a", "b"))).toBe(join("a", "b"));
  });

  test("is the whole path where another folder is by now where the working directory was", () => {
    mockCwd(() => folder);
    expect(fromHere(join(folder, "a"))).toBe(join(folder, "a"));
    rmSync(folder, { recursive: true });
    expect(fromHere(join(folder, "a"))).toBe(join(folder, "a"));
    deleted();
    expect(fromHere(join(folder, "a"))).toBe(join(folder, "a"));
  });
});

test("isGone knows the failure, also as a worker passes it on", () => {
  expect(isGone(failure)).toBe(true);
  expect(isGone(new Error(`no worker could be started: ${failure.message} (exit code 1)`))).toBe(true);
  expect(isGone(new Error("ENOENT: no such file or directory, open 'a'"))).toBe(false);
  expect(isGone("uv_cwd")).toBe(false);
});

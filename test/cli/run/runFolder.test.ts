import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { RunFolder } from "../../../src/cli/run/runFolder.js";
import { snapshot, temporaryFolder } from "../helpers/files.js";

const all = temporaryFolder();
let count = 0;
let root = "";
beforeEach(() => {
  root = join(all, String(count++));
  mkdirSync(root);
});
const names = ["a.safetensors", "metrics.json"];
const files = new Map<string, string | Uint8Array>([
  ["a.safetensors", Uint8Array.of(1, 2)],
  ["metrics.json", "{}"],
]);
const refused = (path: string, why: RegExp) =>
  expect.objectContaining({
    code: "data",
    message: expect.stringMatching(new RegExp(`^${path} cannot be written to: .*${why.source}.*; choose another folder with --out$`)),
  });

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe("RunFolder", () => {
  test("writes nothing before it commits, and then all", () => {
    const path = join(root, "deep", "er");
    const folder = RunFolder.open(path, names);
    expect(snapshot(root)).toEqual({});
    expect(folder.commit(files)).toBe(path);
    expect(Object.keys(snapshot(root)).sort()).toEqual(["deep", "deep/er", "deep/er/a.safetensors", "deep/er/metrics.json"]);
    expect(readFileSync(join(path, "metrics.json"), "utf8")).toBe("{}");
  });

  test("replaces files of the same names in a folder that is there, through a link too", () => {
    mkdirSync(join(root, "real"));
    for (const name of ["metrics.json", "other"]) writeFileSync(join(root, "real", name), "old");
    symlinkSync(join(root, "real"), join(root, "link"));
    RunFolder.open(join(root, "link"), names).commit(files);
    expect(Object.keys(snapshot(join(root, "real"))).sort()).toEqual(["a.safetensors", "metrics.json", "other"]);
    expect(readFileSync(join(root, "real", "metrics.json"), "utf8")).toBe("{}");
    expect(readFileSync(join(root, "real", "other"), "utf8")).toBe("old");
  });

  test("a run of its own takes the next free name", () => {
    const path = join(root, "run");
    const [one, two, three] = [1, 2, 3].map(() => RunFolder.open(path, names, { own: true }));
    expect([one, two, three].map((folder) => folder.commit(files))).toEqual([path, `${path}-2`, `${path}-3`]);
  });

  test("refuses a file, what lies under one, a link to nothing, and folders in place of its files", () => {
    writeFileSync(join(root, "file"), "");
    symlinkSync(join(root, "nothing"), join(root, "broken"));
    mkdirSync(join(root, "taken", "metrics.json"), { recursive: true });
    const before = snapshot(root);
    for (const [name, why] of [
      ["file", /file is a file/],
      ["file/a/b", /file is a file/],
      ["broken", /no such file/],
      ["taken", /metrics.json in it is a folder/],
    ] as const) {
      // biome-ignore format: one line
      const path = join(root, name);
      expect(caught(() => RunFolder.open(path, names))).toEqual(refused(path, why));
    }
    expect(snapshot(root)).toEqual(before);
  });

  test("leaves everything as it was when a file cannot be put in place", () => {
    const path = join(root, "new", "run");
    const folder = RunFolder.open(path, names);
    const broken = new Map([...files, ["no/such/folder", ""]]);
    expect(caught(() => folder.commit(broken))).toEqual(refused(path, /ENOENT/));
    expect(snapshot(root)).toEqual({});
  });

  test.skipIf(process.getuid?.() === 0)("refuses a folder that is read-only (skipped for root, who may write anywhere)", () => {
    chmodSync(root, 0o500);
    expect(caught(() => RunFolder.open(join(root, "run"), names))).toEqual(refused(join(root, "run"), /EACCES/));
    chmodSync(root, 0o700);
  });
});

// A disk of a few kilobytes: root may mount one.
const disk = join(all, "disk");
const mounted = (() => {
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("skipped: no small disk can be mounted here to be filled");
    return false;
  }
})();
if (mounted) afterAll(() => execFileSync("umount", [disk]));

describe.skipIf(!mounted)("a full disk", () => {
  test.each(["", "new/run"])("is found out before anything is written, and nothing is left, in %j", (name) => {
    const path = join(disk, name);
    expect(caught(() => RunFolder.open(path, names, { bytes: 1e5 }))).toEqual(
      refused(path, /a run may write 0.1 MB, for which there is no room \(ENOSPC/),
    );
    expect(snapshot(disk)).toEqual({});
    RunFolder.open(path, names, { bytes: 8_000 });
    expect(snapshot(disk)).toEqual({});
  });

  test.each(["", "new/run"])("leaves earlier results as they were, and nothing beside them, in %j", (name) => {
    writeFileSync(join(disk, "metrics.json"), "old");
    const folder = RunFolder.open(join(disk, name), names);
    const large = new Map<string, string | Uint8Array>([["metrics.json", "{}"], ["a.safetensors", new Uint8Array(1e5)]]); // biome-ignore format: one line
    expect(caught(() => folder.commit(large))).toEqual(refused(join(disk, name), /ENOSPC/));
    expect(snapshot(disk)).toEqual({ "metrics.json": Buffer.from("old").toString("base64") });
  });
});

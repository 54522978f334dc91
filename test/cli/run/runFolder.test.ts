import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
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
const claim = (path: string) => RunFolder.claim(path, { names });
const files = new Map<string, string | Uint8Array>([
  ["a.safetensors", Uint8Array.of(1, 2)],
  ["metrics.json", "{}"],
]);
const refused = (path: string, why: RegExp, cure = "choose another folder with --out") =>
  expect.objectContaining({
    code: "data",
    message: expect.stringMatching(new RegExp(`^${path} cannot be written to: .*${why.source}.*; ${cure}$`)),
  });

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe("RunFolder", () => {
  test("has a folder for checkpoints until it has ended, and writes nothing else before it commits, and then all", () => {
    const path = join(root, "deep", "er");
    const folder = claim(path);
    expect(Object.keys(snapshot(root)).sort()).toEqual(["deep", "deep/er", "deep/er/checkpoint"]);
    expect(folder.checkpoint).toBe(join(path, "checkpoint"));
    expect(folder.commit(files)).toBe(path);
    folder.finish();
    expect(Object.keys(snapshot(root)).sort()).toEqual(["deep", "deep/er", "deep/er/a.safetensors", "deep/er/metrics.json"]);
    expect(readFileSync(join(path, "metrics.json"), "utf8")).toBe("{}");
  });

  test("that is abandoned leaves no trace", () => {
    const folder = claim(join(root, "deep", "er"));
    writeFileSync(join(folder.checkpoint, "run.json"), "");
    folder.abandon();
    expect(snapshot(root)).toEqual({});
    mkdirSync(join(root, "mine"));
    claim(join(root, "mine")).abandon();
    expect(Object.keys(snapshot(root))).toEqual(["mine"]);
    // and keeps what somebody else wrote there
    const shared = claim(join(root, "new"));
    writeFileSync(join(shared.path, "theirs"), "");
    shared.abandon();
    expect(Object.keys(snapshot(root)).sort()).toEqual(["mine", "new", "new/theirs"]);
  });

  test("that goes on replaces its own results, and those of nobody else", () => {
    const path = join(root, "run");
    claim(path).commit(files);
    const later = RunFolder.reopen(path);
    const better = new Map([...files, ["metrics.json", "better"], ["b.safetensors", "new"]]);
    expect(later.commit(better, names)).toBe(path);
    expect(readFileSync(join(path, "metrics.json"), "utf8")).toBe("better");
    expect(readdirSync(path).sort()).toEqual(["a.safetensors", "b.safetensors", "checkpoint", "metrics.json"]);
    expect(later.commit(files, ["metrics.json"])).toBe(`${path}-2`);
    expect(readFileSync(join(path, "metrics.json"), "utf8")).toBe("better");
  });

  test("writes into an empty folder that is there, through a link too", () => {
    mkdirSync(join(root, "real"), { mode: 0o750 });
    symlinkSync(join(root, "real"), join(root, "link"));
    const folder = claim(join(root, "link"));
    expect(folder.commit(files)).toBe(join(root, "link"));
    folder.finish();
    expect(Object.keys(snapshot(root)).sort()).toEqual(["link", "real", "real/a.safetensors", "real/metrics.json"]);
    expect(statSync(join(root, "real")).mode & 0o777).toBe(0o750);
  });

  test("refuses a folder that is not empty", () => {
    for (const name of ["old", "metrics.json"]) writeFileSync(join(root, name), name);
    const before = snapshot(root);
    expect(caught(() => claim(root))).toEqual(refused(root, /it is not empty \(metrics.json and 1 more\)/));
    expect(snapshot(root)).toEqual(before);
  });

  test.each([
    ["a new folder", () => {}],
    ["an empty folder", (path: string) => mkdirSync(path)],
  ])("writes beside %s that was filled meanwhile, and over nothing", (_, prepare) => {
    const path = join(root, "run");
    prepare(path);
    const folder = claim(path);
    writeFileSync(join(path, "metrics.json"), "of another run");
    mkdirSync(`${path}-2`);
    writeFileSync(join(`${path}-2`, "mine"), "");
    writeFileSync(`${path}-3`, "");
    expect(folder.commit(files)).toBe(`${path}-4`);
    expect(readdirSync(root).sort()).toEqual(["run", "run-2", "run-3", "run-4"]);
    expect(Object.keys(snapshot(`${path}-4`)).sort()).toEqual(names);
    folder.finish();
    expect(snapshot(path)).toEqual({ "metrics.json": Buffer.from("of another run").toString("base64") });
  });

  test("writes beside a file that came to its place meanwhile", () => {
    const folder = claim(join(root, "run"));
    rmSync(join(root, "run"), { recursive: true });
    writeFileSync(join(root, "run"), "mine");
    expect(folder.commit(files)).toBe(join(root, "run-2"));
    expect(readFileSync(join(root, "run"), "utf8")).toBe("mine");
  });

  test("writes into the folder that was filled where nothing can be written beside it", () => {
    // no name beside it is short enough
    const path = join(root, "n".repeat(255));
    const folder = claim(path);
    writeFileSync(join(path, "metrics.json"), "of another run");
    expect(folder.commit(files)).toBe(join(path, "run"));
    folder.finish();
    expect(Object.keys(snapshot(path)).sort()).toEqual(["metrics.json", "run", "run/a.safetensors", "run/metrics.json"]);
  });

  test("refuses the folder of a run that is under way", () => {
    mkdirSync(join(root, "run"));
    claim(join(root, "run"));
    expect(caught(() => claim(join(root, "run")))).toEqual(refused(join(root, "run"), /it is not empty \(checkpoint\)/));
  });

  test("refuses a name that is too long for a file, before anything is written", () => {
    const long = `${"bce+".repeat(1000)}bce.safetensors`;
    for (const path of [root, join(root, "new", "run")]) {
      expect(caught(() => RunFolder.claim(path, { names: [...names, long] }))).toMatchObject({
        code: "data",
        message: expect.stringMatching(
          /^the name (bce\+){12}bc\.\.\. \(4015 characters\) is too long for a file in .*; shorten that loss of --loss to/,
        ),
      });
    }
    expect(snapshot(root)).toEqual({});
  });

  test.each(["n".repeat(300), "n/".repeat(3000)])("refuses a path that is too long", (name) => {
    expect(caught(() => claim(join(root, "new", name)))).toMatchObject({
      message: expect.stringMatching(/ cannot be written to: its path is too long; choose another folder with --out$/),
    });
    expect(snapshot(root)).toEqual({});
  });

  test("refuses two losses of one file", () => {
    expect(caught(() => RunFolder.claim(root, { names: ["a.safetensors", "b.safetensors", "a.safetensors"] }))).toMatchObject({
      code: "data",
      message: "two losses of --loss would share the file a.safetensors; leave out one of them",
    });
    expect(snapshot(root)).toEqual({});
  });

  test("a run of its own takes the next free name", () => {
    const path = join(root, "run");
    const [one, two, three] = [1, 2, 3].map(() => RunFolder.claim(path, { names }, { own: true }));
    expect([one, two, three].map((folder) => folder.commit(files))).toEqual([path, `${path}-2`, `${path}-3`]);
  });

  test("refuses a file, what lies under one, and a link to nothing", () => {
    writeFileSync(join(root, "file"), "");
    symlinkSync(join(root, "nothing"), join(root, "broken"));
    const before = snapshot(root);
    for (const [name, why] of [
      ["file", /file is a file/],
      ["file/a/b", /file is a file/],
      ["broken", /no such file/],
    ] as const) {
      // biome-ignore format: one line
      const path = join(root, name);
      expect(caught(() => claim(path))).toEqual(refused(path, why));
    }
    expect(snapshot(root)).toEqual(before);
  });

  test("leaves everything as it was when a file cannot be put in place", () => {
    const path = join(root, "new", "run");
    const folder = claim(path);
    const broken = new Map([...files, ["no/such/folder", ""]]);
    expect(caught(() => folder.commit(broken))).toEqual(refused(path, /ENOENT/, "make room for it, and go on with --resume"));
    folder.abandon();
    expect(snapshot(root)).toEqual({});
  });

  test.skipIf(!process.getuid?.())("refuses a folder that is read-only (skipped for root, who may write anywhere, and on Windows)", () => {
    chmodSync(root, 0o500);
    expect(caught(() => claim(join(root, "run")))).toEqual(refused(join(root, "run"), /EACCES/));
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
  test.each(["", "new/run"])("is noticed before anything is written, and nothing is left, in %j", (name) => {
    const path = join(disk, name);
    const full = refused(path, /a run may write 0.1 MB, which do not fit \(ENOSPC/);
    expect(caught(() => RunFolder.claim(path, { names, bytes: 1e5 }))).toEqual(full);
    expect(snapshot(disk)).toEqual({});
    const folder = RunFolder.claim(path, { names, bytes: 8_000 });
    const before = snapshot(disk);
    expect(caught(() => folder.reserve({ names, bytes: 1e5 }))).toEqual(full);
    folder.reserve({ names, bytes: 8_000 });
    expect(snapshot(disk)).toEqual(before);
    folder.abandon();
    expect(snapshot(disk)).toEqual({});
  });

  const large = new Map<string, string | Uint8Array>([...files, ["a.safetensors", new Uint8Array(1e5)]]);

  test("leaves what was there as it was, and nothing beside it", () => {
    writeFileSync(join(disk, "metrics.json"), "old");
    const path = join(disk, "new", "run");
    const folder = claim(path);
    expect(caught(() => folder.commit(large))).toEqual(refused(path, /ENOSPC/, "make room for it, and go on with --resume"));
    folder.abandon();
    expect(snapshot(disk)).toEqual({ "metrics.json": Buffer.from("old").toString("base64") });
    rmSync(join(disk, "metrics.json"));
  });

  test("loses nothing that has room beside it", () => {
    const folder = claim(disk);
    expect(folder.commit(large)).toBe(`${disk}-2`);
    folder.finish();
    expect(snapshot(disk)).toEqual({});
    expect(Object.keys(snapshot(`${disk}-2`)).sort()).toEqual(names);
  });
});

import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { transform } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";

// in a process of its own: the tests themselves may have been started with nohup
let script = "";
beforeAll(async () => {
  const source = readFileSync(new URL("../../../src/cli/run/nohup.ts", import.meta.url), "utf8");
  script = `${(await transform(source, { loader: "ts", format: "esm" })).code}\nconsole.log(isNohup());`;
});

function answer(env: Record<string, string>, stdin: number | "ignore" = "ignore"): string {
  const args = ["--input-type=module", "--eval", script];
  return spawnSync(process.execPath, args, { stdio: [stdin, "pipe", "inherit"], env, encoding: "utf8" }).stdout.trim();
}

describe("isNohup", () => {
  test.each([
    [{}, "false"],
    [{ _: "/usr/bin/node" }, "false"],
    [{ _: "/home/nohup/lovasz" }, "false"],
    [{ _: "/usr/bin/nohup" }, "true"],
    [{ _: "/opt/homebrew/bin/gnohup" }, "true"],
  ] as [Record<string, string>, string][])("by what the shell says that it started: %j", (env, expected) => {
    expect(answer(env)).toBe(expected);
  });

  test.skipIf(!existsSync("/proc/self/fdinfo/0"))(
    "by a standard input that cannot be read, which nohup puts in place of a terminal",
    () => {
      const stdin = openSync("/dev/null", "w");
      expect(answer({}, stdin)).toBe("true");
      closeSync(stdin);
    },
  );
});

import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = (cwd: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, args, { cwd }).then(
    ({ stdout }) => ({ code: 0, text: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, text: error.stderr }),
  );

// the built package, as npm test leaves it, in a folder without fast-check
test("without fast-check, lovasz/fuzz says that it is missing, and the command has one of its own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lovasz-bare-"));
  try {
    await cp(join(root, "dist"), join(folder, "dist"), { recursive: true });
    await cp(join(root, "package.json"), join(folder, "package.json"));
    await writeFile(join(folder, "loss.mjs"), "export default (values) => ({ value: 0, grad: values.map(() => 0) });");
    const imported = await run(folder, "--input-type=module", "-e", 'await import("lovasz/fuzz")');
    expect(imported).toMatchObject({ code: 1, text: expect.stringContaining("Cannot find package 'fast-check'") });
    const called = await run(folder, "dist/cli.js", "fuzz", "loss.mjs", "--kind", "hinge", "--runs", "3");
    expect(called).toEqual({
      code: 1,
      text: expect.stringMatching(/^lovasz: loss.mjs breaks \d+ of 14 laws of kind hinge; --seed \d+ repeats the cases\n$/),
    });
    expect((await run(folder, "dist/cli.js", "--help")).code).toBe(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});

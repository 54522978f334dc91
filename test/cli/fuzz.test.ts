import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call } from "./helpers/call.js";

const CONSTANT = `(values, labels, { ignore }) => {
  const count = labels.filter((label) => label !== ignore).length;
  return { value: count === 0 ? 0 : 1, grad: new Float32Array(values.length) };
}`;

let folder: string;
const file = async (name: string, code: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, code);
  return path;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lovasz-fuzz-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("lovasz fuzz MODULE --kind hinge", () => {
  test("prints a line for each law, then the cases as code, and exits with 1 when one is broken", async () => {
    const path = await file("constant.mjs", `export default ${CONSTANT};`);
    const { code, out, err } = await call("fuzz", path, "--kind", "hinge", "--runs", "20", "--seed", "5");
    expect(code).toBe(1);
    expect(out).toMatch(/^ok {6}answersNumbers \(20 runs\)$/m);
    expect(out).toMatch(/^broken {2}isExtension \(run \d+\): value is 1, expected .*$/m);
    expect(out.split("\n\n")[0].split("\n")).toHaveLength(14);
    expect(out).toContain("the simplest case that breaks isExtension:\n\nimport { laws } from");
    expect(err).toMatch(/^lovasz: \S+constant.mjs breaks \d+ of 14 laws of kind hinge; --seed 5 repeats the cases\n$/);
  });

  test("exits with 0 and nothing on standard error when every law holds", async () => {
    const core = new URL("../fuzz/plain.ts", import.meta.url).href;
    const path = await file(
      "right.mjs",
      `import { plain } from ${JSON.stringify(core)};\nexport const loss = plain("sigmoid"), other = plain("hinge");`,
    );
    const { code, out, err } = await call("fuzz", path, "--kind", "sigmoid", "--runs", "5");
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(
      out
        .trim()
        .split("\n")
        .every((line) => /^ok {6}\w+ \(5 runs\)$/.test(line)),
    ).toBe(true);
  });

  test("exits with 2 and one line that says what to change where the call is wrong", async () => {
    const none = await file("none.mjs", "export const a = 1, b = () => {}, c = () => {};");
    for (const [args, message] of [
      [[join(folder, "nowhere.mjs"), "--kind", "hinge"], /there is no file .*nowhere.mjs; pass the path/],
      [[none, "--kind", "hinge"], /none.mjs exports a, b, c; export the loss as default, or as "loss"/],
      [[none], /--kind <kind>' not specified/],
      [[none, "--kind", "dice"], /Allowed choices are hinge, softmax, sigmoid/],
      [[none, "--kind", "hinge", "--runs", "0"], /Pass a whole number from 1/],
      [["--kind", "hinge"], /missing required argument 'module'/],
      [["no\uFFFDname.mjs", "--kind", "hinge"], /bytes that are not UTF-8/],
    ] as const) {
      const { code, out, err } = await call("fuzz", ...args);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toMatch(message);
      expect(err.trim().split("\n")).toHaveLength(1);
    }
  });

  test("exits with 1 where the module does not load", async () => {
    const path = await file("broken.mjs", "throw new Error('no weights here')");
    const { code, err } = await call("fuzz", path, "--kind", "hinge");
    expect(code).toBe(1);
    expect(err).toMatch(/broken.mjs cannot be loaded: no weights here/);
  });
});

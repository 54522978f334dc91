import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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
    expect(out).toMatch(
      /\n\nthe value is wrong: \d laws\n {3}isExtension, hasSubgradient, .*\n\nthe simplest case that breaks isExtension:\n\nvalue is 1, .*\n\nimport \{ laws \} from/,
    );
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
      [[none, "--kind", "bce"], /Allowed choices are hinge, softmax, softmax-logits, sigmoid/],
      [[none, "--kind", "hinge", "--precision", "half"], /Allowed choices are float32, float16/],
      [[none, "--kind", "hinge", "--runs", "0"], /Pass a whole number from 1/],
      [["--kind", "hinge"], /pass one loss: a module in JavaScript, --exec with a command, or --python with module:function/],
      [[none, "--exec", "x", "--kind", "hinge"], /pass one loss/],
      [[none, "--torch", "--kind", "hinge"], /--torch is for --python; leave it out/],
      [["--exec", "x", "--interpreter", "y", "--kind", "hinge"], /--interpreter is for --python; leave it out/],
      [[none, "--timeout", "3", "--kind", "hinge"], /--timeout is for --exec and --python/],
      [["--python", "my_loss.py", "--kind", "hinge"], /--python is "my_loss.py", expected module:function/],
      [[none, "--kind", "hinge", "--test", "jest", "a.test.js"], /--test is "jest a.test.js", expected vitest or pytest, and a file/],
      [[none, "--kind", "hinge", "--test", "pytest", "test_a.py"], /--test pytest is for --python; leave it out/],
      [["--exec", "x", "--kind", "hinge", "--test", "vitest", "a.test.js"], /--test vitest is for a module in JavaScript/],
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

  test("checks the laws that --only names, less those of --skip, without the options that --honours leaves out", async () => {
    const path = await file("constant.mjs", `export default ${CONSTANT};`);
    const { code, out } = await call(
      "fuzz",
      path,
      "--kind",
      "hinge",
      "--only",
      "ignoresVoid,isExtension,keepsInputs",
      "--skip",
      "isExtension",
    );
    expect(code).toBe(0);
    expect(out).toBe("ok      keepsInputs (200 runs)\nok      ignoresVoid (200 runs)\n");
    const wrong = await call("fuzz", path, "--kind", "hinge", "--only", "isBig");
    expect(wrong.err).toMatch(/only is \["isBig"\], expected an array of "answersNumbers"/);
    const none = await call("fuzz", path, "--kind", "hinge", "--only", "isConvex", "--skip", "isConvex");
    expect(none.err).toMatch(/only and skip leave no law of kind "hinge"; name fewer in skip, or more in only/);
    // it takes pixels that are ignored for others
    const careless = await file("careless.mjs", `${await careful()}\nexport default (v, l, { ignore, ...o }) => loss(v, l, o);`);
    expect((await call("fuzz", careless, "--kind", "hinge", "--runs", "30")).code).toBe(1);
    expect(await call("fuzz", careless, "--kind", "hinge", "--runs", "30", "--honours", "perImage")).toMatchObject({ code: 0, err: "" });
  });

  test("--json prints one line, --test a file of tests", async () => {
    const path = await file("constant.mjs", `export default ${CONSTANT};`);
    const tests = join(folder, "constant.test.mjs");
    const { code, out } = await call("fuzz", path, "--kind", "hinge", "--seed", "5", "--json", "--test", "vitest", tests);
    expect(code).toBe(1);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ kind: "hinge", ok: false, seed: 5, causes: [{ summary: "the value is wrong" }] });
    const broken = result.laws.filter(({ ok }: { ok: boolean }) => !ok);
    expect(broken[0]).toMatchObject({ law: "isExtension", example: { values: expect.any(Array), labels: expect.any(Array) } });
    const written = await readFile(tests, "utf8");
    expect(written).toContain('import loss from "./constant.mjs";');
    expect(written.match(/^test\("/gm)).toHaveLength(broken.length);
  });

  test("--exec checks a program, which says what it honours, and shows cases as data", async () => {
    const program = fileURLToPath(new URL("fuzz/hinge.mjs", import.meta.url));
    const exec = (fault: string, ...more: string[]) =>
      call("fuzz", "--exec", `"${process.execPath}" "${program}" "${fault}"`, "--kind", "hinge", "--runs", "30", "--seed", "1", ...more);
    expect(await exec("")).toMatchObject({ code: 0, err: "" });
    expect(await exec("needs a positive")).toMatchObject({ code: 0, err: "" });
    expect((await exec("probabilities")).err).toMatch(
      /--kind hinge is of logits, but the loss says that it takes probabilities; pass softmax/,
    );
    const softmax = await call(
      "fuzz",
      "--exec",
      `"${process.execPath}" "${program}"`,
      "--kind",
      "softmax",
      "--only",
      "answersNumbers",
      "--json",
    );
    expect(JSON.parse(softmax.out).kind).toBe("softmax-logits");
    // its gradient is a thousandth too large, which is rounding in half precision
    expect(await exec("in half")).toMatchObject({ code: 0, err: "" });
    expect((await exec("in half", "--precision", "float32")).code).toBe(1);
    const { code, out } = await exec("no ignore");
    expect(code).toBe(1);
    expect(out).toMatch(/every case that breaks them has the option ignore: \d laws\n {3}isExtension, /);
    expect(out).toMatch(/\n\nvalues: \[[-\d.,]+\]\nlabels: \[[-\d,]+\]\noptions: \{"shape":\[1,1,\d\],"ignore":/);
  });

  async function careful() {
    return `import { plain } from ${JSON.stringify(new URL("../fuzz/plain.ts", import.meta.url).href)};\nconst loss = plain("hinge");`;
  }
});

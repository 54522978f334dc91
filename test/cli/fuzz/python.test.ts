// Losses in Python, and the tests that are written for them. Needs Python with numpy; that of tensors torch, that of tests pytest.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasTool } from "../../helpers/tool.js";
import { call } from "../helpers/call.js";
import { temporaryFolder } from "../helpers/files.js";

const PYTHON = process.env.LOVASZ_PYTHON ?? "python3";
const has = (module: string) => hasTool(PYTHON, ["-c", `import ${module}`], `install ${module}, or name another Python in LOVASZ_PYTHON`);
const [numpy, torch, pytest] = [has("numpy"), has("torch"), has("pytest")];

const folder = temporaryFolder();
const home = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => process.chdir(home));

const fuzz = (...args: string[]) => call("fuzz", "--interpreter", PYTHON, "--seed", "1", ...args);
const write = (name: string, code: string) => writeFileSync(join(folder, name), code);

const WEIGHTS = `    y = labels[order]
    intersection, union = y.sum() - numpy.cumsum(y), y.sum() + numpy.cumsum(1 - y)
    weights = numpy.diff(1 - intersection / numpy.maximum(union, 1), prepend=0)`;

describe.runIf(numpy)("lovasz fuzz --python", () => {
  test("the loss that --init writes is wrong, and right once its weights are filled in", async () => {
    const { code, out } = await call("fuzz", "--init", "python");
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/^my_loss.py is a Lovász hinge to fill in/) });
    expect((await call("fuzz", "--init", "python")).err).toMatch(/my_loss.py exists; move it/);
    const args = ["--python", "my_loss:loss", "--kind", "hinge", "--runs", "60"];
    const wrong = await fuzz(...args, "--test", "pytest", "test_my_loss.py");
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/^the value is wrong: \d laws\n {3}isExtension, hasSubgradient, isJaccardAtCorners/m);
    const passes = () => spawnSync(PYTHON, ["-m", "pytest", "-q", "-p", "no:cacheprovider"], { cwd: folder, encoding: "utf8" });
    if (pytest) expect(passes().stdout).toMatch(/^\d failed in/m);
    const file = join(folder, "my_loss.py");
    const source = readFileSync(file, "utf8");
    const filled = source.replace(/^ {4}weights = numpy.full.*$/m, WEIGHTS);
    expect(filled).not.toBe(source);
    write("my_loss.py", filled);
    expect(await fuzz(...args)).toMatchObject({ code: 0, err: "" });
    if (pytest) expect(passes().stdout).toMatch(/^\d passed in/m);
  });

  test("what a loss prints is no answer, and what it raises is told", async () => {
    write("loud.py", "def loss(values, labels, options):\n    print('hello')\n    raise ValueError(f'{len(values)} are too few')\n");
    const { out } = await fuzz("--python", "loud:loss", "--kind", "sigmoid");
    expect(out).toMatch(/^broken {2}answersNumbers \(run 1\): the loss threw ValueError: 2 are too few\n\nthe loss cannot be called\n/);
    write("scalar.py", "def loss(values, labels, options):\n    return 0.5\n");
    expect((await fuzz("--python", "scalar:loss", "--kind", "hinge")).out).toMatch(
      /it returned float, expected \(value, gradient\); or pass --torch/,
    );
  });

  test("a module or function that is not there ends the check before it begins", async () => {
    const { code, err } = await fuzz("--python", "nowhere:loss", "--kind", "hinge");
    expect(code).toBe(1);
    expect(err).toMatch(/the program "\S+" ended with exit code 1 before its first line/);
  });
});

describe.runIf(torch)("lovasz fuzz --python --torch", () => {
  test("differentiates the scalar that a loss returns", async () => {
    const guide = readFileSync(join(home, "docs/howto/fuzz-python.md"), "utf8");
    write("tensors.py", guide.match(/```python\n(.*?)```/s)?.[1] ?? "");
    expect(await fuzz("--python", "tensors:loss", "--torch", "--kind", "hinge", "--runs", "60")).toMatchObject({ code: 0, err: "" });
    // the gradient of its argument, not of a copy
    write("detached.py", "from tensors import loss as right\n\n\ndef loss(x, y, options):\n    return right(x.detach(), y, options)\n");
    const { out } = await fuzz("--python", "detached:loss", "--torch", "--kind", "hinge", "--runs", "60");
    expect(out).toMatch(/^the gradient is wrong: \d laws\n {3}hasSubgradient/m);
  });
});

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

  test("a loss that writes into its arguments is told so, with numpy and with torch", async () => {
    write(
      "writes.py",
      `from my_loss import loss as right


def of_numpy(values, labels, options):
    result = right(values.copy(), labels, options)
    values += 1
    return result


def of_torch(values, labels, options):
    import torch
    result = torch.relu(1 - values * (2.0 * (labels == 1) - 1)).sum()
    labels[labels == options.get("ignore", 255)] = 0
    return result
`,
    );
    const args = ["--kind", "hinge", "--runs", "40", "--only", "keepsInputs"];
    expect((await fuzz("--python", "writes:of_numpy", ...args)).out).toMatch(/broken {2}keepsInputs.*values\[0\] was .* and is/);
    if (torch)
      expect((await fuzz("--python", "writes:of_torch", "--torch", ...args)).out).toMatch(
        /broken {2}keepsInputs.*labels\[\d+\] was 255 and is 0/,
      );
  });

  test("gives halves to a loss that says so, unless the call says otherwise", async () => {
    write(
      "half.py",
      `import numpy
from my_loss import loss as right


def loss(values, labels, options):
    assert values.dtype == loss.dtype, values.dtype
    value, gradient = right(values.astype(numpy.float32), labels, options)
    return numpy.float16(value), numpy.asarray(gradient, numpy.float16)


loss.honours = ["ignore", "perImage"]
loss.precision, loss.dtype = "float16", numpy.float16


def single(values, labels, options):
    assert values.dtype == numpy.float32, values.dtype
    return right(values, labels, options)


single.precision = "float16"
`,
    );
    const args = ["--kind", "hinge", "--runs", "30"];
    expect(await fuzz("--python", "half:loss", ...args)).toMatchObject({ code: 0, err: "" });
    expect(await fuzz("--python", "half:single", "--precision", "float32", ...args)).toMatchObject({ code: 0, err: "" });
    expect((await fuzz("--python", "half:single", ...args)).out).toMatch(/AssertionError: float16/);
  });

  test.runIf(pytest)("writes tests of halves, which pass once the loss is right", async () => {
    const source = (weight: string) => `import numpy


def loss(values, labels, options):
    assert values.dtype == numpy.float16
    signs = 2 * (labels == 1) - 1
    errors = numpy.maximum(1 - values * signs, 0)
    order = numpy.argsort(-errors)
    y = (labels[order] == 1).astype(numpy.float16)
    weights = numpy.diff(1 - (y.sum() - numpy.cumsum(y)) / (y.sum() + numpy.cumsum(1 - y)), prepend=numpy.float16(0))
    gradient = numpy.zeros(len(values), numpy.float16)
    gradient[order] = -(signs * (errors > 0))[order] * weights * ${weight}
    return errors[order] @ weights, gradient


loss.honours, loss.needs, loss.precision = [], ["oneImage"], "float16"
`;
    write("halved.py", source("0.5"));
    await fuzz("--python", "halved:loss", "--kind", "hinge", "--runs", "30", "--test", "pytest", "test_halved.py");
    const passes = () =>
      spawnSync(PYTHON, ["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_halved.py"], { cwd: folder, encoding: "utf8" });
    expect(readFileSync(join(folder, "test_halved.py"), "utf8")).toContain("numpy.array(values, numpy.float16)");
    expect(passes().stdout).toMatch(/^\d failed in/m);
    write("halved.py", source("1"));
    expect(passes().stdout).toMatch(/^\d passed in/m);
  });

  test.runIf(pytest)("writes tests of what all definitions of a soft score share, which pass once the loss is right", async () => {
    const source = (fault: string) => `import numpy

FAULT = "${fault}"


def loss(values, labels, options):
    kept = labels != options.get("ignore") if "ignore" in options else labels >= 0
    with numpy.errstate(over="ignore"):
        p = 1 / (1 + numpy.exp(-values.astype(float)))
    t = (labels == 1).astype(float)
    above, below = 2 * (p * t)[kept].sum() + 2, (p + t)[kept].sum() + 2
    gradient = (above / below - 2 * t) / below * p * (1 - p)
    if FAULT != "ignored pixels":
        gradient = gradient * kept
    if FAULT == "gradient":
        gradient = gradient * 1.5
    if FAULT == "NaN":
        gradient = gradient / (t.sum() > 0)
    return (1 - above / below) * (100 if FAULT == "value" else 1), gradient


loss.honours = ["ignore"]
`;
    const passes = () =>
      spawnSync(PYTHON, ["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_soft.py"], { cwd: folder, encoding: "utf8" });
    for (const [fault, shown] of [
      ["value", /assert -?[\d.e-]+ <= value <= /],
      ["ignored pixels", /assert not gradient\[\[[\d, ]+\]\]\.any\(\)/],
      ["gradient", /assert gradient @ numpy\.array\(\[.*\]\) == pytest\.approx\(up - down, abs=/],
      ["NaN", /numpy\.isfinite\(gradient\)\.all\(\)/],
    ] as const) {
      write("soft.py", source(fault));
      const { code } = await fuzz("--python", "soft:loss", "--kind", "dice", "--runs", "60", "--test", "pytest", "test_soft.py");
      expect(code).toBe(1);
      expect(readFileSync(join(folder, "test_soft.py"), "utf8")).toMatch(shown);
      // one fault divides by 0, of which numpy warns
      expect(passes().stdout).toMatch(/^\d+ failed(, \d+ warnings)? in/m);
      write("soft.py", source("none"));
      expect(passes().stdout).toMatch(/^\d+ passed in/m);
    }
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
    const half = ["--precision", "float16", "--runs", "20"];
    expect(await fuzz("--python", "tensors:loss", "--torch", "--kind", "hinge", ...half)).toMatchObject({ code: 0, err: "" });
    // the gradient of its argument, not of a copy
    write("detached.py", "from tensors import loss as right\n\n\ndef loss(x, y, options):\n    return right(x.detach(), y, options)\n");
    const { out } = await fuzz("--python", "detached:loss", "--torch", "--kind", "hinge", "--runs", "60");
    expect(out).toMatch(/^the gradient is wrong: \d laws\n {3}hasSubgradient/m);
  });
});

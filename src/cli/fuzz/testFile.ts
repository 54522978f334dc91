// Test files of the cases that break laws: they fail now, and pass once the loss is right.
import { basename, dirname, relative, sep } from "node:path";
import type { LawResult } from "../../fuzz/index.js";
import type { LossCase, LossUnderTest } from "../../fuzz/lossCase.js";
import type { Precision } from "../../fuzz/precision.js";
import { callOf, decimal } from "../../fuzz/showCase.js";
import { absolute } from "../workingFolder.js";
import { type WrongCall, wrongCall } from "./wrongCall.js";
import { type WrongScore, wrongScore } from "./wrongScore.js";

/** A file for vitest, which will lie at `file`, on the loss that `module` exports as `name`. */
export function vitestFile(broken: readonly LawResult[], module: string, name: string, file: string): string {
  const path = relative(dirname(absolute(file)), absolute(module))
    .split(sep)
    .join("/");
  const from = path.startsWith(".") ? path : `./${path}`;
  const imported = name === "default" ? "loss" : name === "loss" ? "{ loss }" : `{ ${name} as loss }`;
  const tests = broken.map(({ law, example }) => (example ? `test("${law}", () => ${callOf(law, example)});` : ""));
  return `// Cases in which the loss of ${basename(module)} breaks laws, found by lovasz fuzz.
import { laws } from "lovasz/fuzz";
import { test } from "vitest";
import ${imported} from ${JSON.stringify(from)};

${tests.join("\n\n")}
`;
}

/** A file for pytest, on the function that `target` names. */
export async function pytestFile(
  broken: readonly LawResult[],
  loss: LossUnderTest,
  { target, torch, precision }: { target: string; torch: boolean; precision: Precision },
): Promise<string> {
  const [module, name] = target.split(":");
  const calls = new Map<string, string[]>();
  const untold: string[] = [];
  for (const result of broken) {
    const [wrong, score] = [await wrongCall(result, loss), await wrongScore(result, loss)];
    const body = wrong ? assertions(wrong) : score && scoreAssertions(score);
    if (body === null) untold.push(`# ${result.law}: ${oneLine(result.message)}`);
    else calls.set(body, [...(calls.get(body) ?? []), result.law]);
  }
  const tests = [...calls].map(([body, laws]) => `def test_${snake(laws[0])}():\n    # breaks ${laws.join(", ")}\n${body}`);
  const others = untold.length > 0 ? `\n\n# Broken too, in ways that one call does not show:\n${untold.join("\n")}\n` : "";
  return `"""Cases that ${target} answers wrong, found by lovasz fuzz."""
import numpy
import pytest${torch ? "\nimport torch" : ""}

from ${module} import ${name.split(".")[0]}


${torch ? TORCH(name, precision) : NUMPY(name, precision)}


${tests.join("\n\n\n")}
${others}`;
}

const NUMPY = (name: string, precision: Precision) => `def call(values, labels, options):
    value, gradient = ${name}(numpy.array(values, numpy.${precision}), numpy.array(labels, numpy.int32), options)
    return float(value), numpy.asarray(gradient, float).ravel()`;

const TORCH = (name: string, precision: Precision) => `def call(values, labels, options):
    shape = options["shape"]
    plane = shape[:1] + shape[2:] if len(values) > len(labels) else shape
    given = torch.tensor(values, dtype=torch.${precision}).reshape(shape).requires_grad_()
    result = ${name}(given, torch.tensor(labels, dtype=torch.int64).reshape(plane), options)
    if result.requires_grad:
        result.backward()
    return float(result), numpy.zeros(len(values)) if given.grad is None else given.grad.double().numpy().ravel()`;

const callOn = ({ values, labels, options }: LossCase) =>
  `call([${Array.from(values, decimal).join(", ")}], [${labels.join(", ")}], ${literal(options)})`;

function assertions({ example, value, slack, derivativeSlack, bounds }: WrongCall): string {
  const isUnique = bounds.least.every((least, i) => bounds.most[i] - least < derivativeSlack);
  const gradient = isUnique
    ? `    assert gradient == pytest.approx(${list(bounds.least)}, abs=${derivativeSlack})`
    : `    # several gradients are right, as errors are equal
    assert (gradient >= numpy.array(${list(bounds.least)}) - ${derivativeSlack}).all()
    assert (gradient <= numpy.array(${list(bounds.most)}) + ${derivativeSlack}).all()`;
  return `    value, gradient = ${callOn(example)}
    assert value == pytest.approx(${rounded(value)}, abs=${Math.max(slack, 1e-6).toPrecision(1)})
${gradient}`;
}

function scoreAssertions({ example, least, most, ignored, steps }: WrongScore): string {
  const lines = [`value, gradient = ${callOn(example)}`];
  if (steps) {
    const { up, down, slack } = steps;
    const step = up.values.map((value, i) => value - down.values[i]);
    lines.push(
      `up, down = ${callOn(up)}[0], ${callOn(down)}[0]`,
      "# the gradient times the step between both",
      `assert gradient @ numpy.array([${Array.from(step, decimal).join(", ")}]) == pytest.approx(up - down, abs=${slack.toPrecision(2)})`,
    );
  } else {
    lines.push(
      "# the least and the most of all definitions",
      `assert ${rounded(least)} <= value <= ${rounded(most)}`,
      `assert len(gradient) == ${example.values.length} and numpy.isfinite(gradient).all()`,
    );
    if (ignored.length > 0) lines.push("# ignored pixels", `assert not gradient[[${ignored.join(", ")}]].any()`);
  }
  return lines.map((line) => `    ${line}`).join("\n");
}

const rounded = (value: number) => String(Number(value.toPrecision(9)) + 0);

const list = (values: Float64Array) => `[${Array.from(values, rounded).join(", ")}]`;

// JSON but for the names of true and false
const literal = (options: object) =>
  JSON.stringify(options)
    .replaceAll(/\btrue\b/g, "True")
    .replaceAll(/\bfalse\b/g, "False")
    .replaceAll(/[:,](?=["\d[TF-])/g, "$& ");

const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const oneLine = (message = "") => message.replaceAll(/\s*\n\s*/g, " ");

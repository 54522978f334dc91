// A case as code.
import type { LawName } from "./laws/index.js";
import type { LossCase } from "./lossCase.js";

/** The shortest decimal that float32 reads as `value`. */
export function decimal(value: number): string {
  if (Object.is(value, -0)) return "-0";
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

const list = (numbers: Float32Array | Int32Array): string => Array.from(numbers, decimal).join(", ");

/** Code that checks `law` on a function `loss` in the case `example`, and rejects as the check did. */
export function showCase(law: LawName, example: LossCase): string {
  return `import { laws } from "lovasz/fuzz";

await ${callOf(law, example)};`;
}

/** The call of `law` in it, without a semicolon. */
export function callOf(law: LawName, { kind, values, labels, options, salt, needs, classes, precision }: LossCase): string {
  const more = [
    ...(needs && needs.length > 0 ? [`needs: ${JSON.stringify(needs)}`] : []),
    ...(classes ? [`classes: "${classes}"`] : []),
    ...(precision ? [`precision: "${precision}"`] : []),
  ];
  const settings = Object.entries(options).map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? `[${value.join(", ")}]` : JSON.stringify(value)}`,
  );
  return `laws.${law}(loss, {
  kind: "${kind}",
  values: Float32Array.of(${list(values)}),
  labels: Int32Array.of(${list(labels)}),
  options: { ${settings.join(", ")} },
  salt: ${salt},${more.map((line) => `\n  ${line},`).join("")}
})`;
}

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Kind, LossCase } from "../../../src/fuzz/index.js";
import { derivativeBounds } from "../../../src/fuzz/reference/derivativeBounds.js";
import { labelsOf, VOID } from "../../helpers/arbitraries.js";

// gradients of all orders of five pixels that are sorted by error, by algorithm 1 of Berman et al.
function gradientsOf(errors: number[], positive: number[], derivatives: number[]): number[][] {
  const P = positive.reduce((a, b) => a + b, 0);
  return permutations(errors.map((_, i) => i))
    .filter((order) => order.every((k, rank) => rank === 0 || errors[order[rank - 1]] >= errors[k]))
    .map((order) => {
      let [pb, nb, last] = [0, 0, 0];
      const gradient = errors.map(() => 0);
      for (const k of order) {
        if (positive[k]) pb++;
        else nb++;
        const loss = 1 - (P - pb) / (P + nb);
        gradient[k] = (loss - last) * derivatives[k];
        last = loss;
      }
      return gradient;
    });
}

function permutations(list: number[]): number[][] {
  if (list.length < 2) return [list];
  return list.flatMap((one, i) => permutations(list.toSpliced(i, 1)).map((others) => [one, ...others]));
}

test.each<Kind>(["hinge", "sigmoid"])("derivativeBounds(example) has the least and greatest of all orders of equal errors: %s", (kind) => {
  const logits = fc.array(fc.constantFrom(-2, -0.5, 0, 0.5, 3), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(logits, labelsOf(5, 2), (values, labels) => {
      const options = { shape: [1, 1, 5], ignore: VOID };
      const example: LossCase = { kind, values: Float32Array.from(values), labels: Int32Array.from(labels), options, salt: 0 };
      const kept = values.map((_, i) => i).filter((i) => labels[i] !== VOID);
      const sign = (i: number) => (labels[i] === 1 ? 1 : -1);
      const p = (i: number) => 1 / (1 + Math.exp(sign(i) * values[i]));
      const gradients = gradientsOf(
        kept.map((i) => (kind === "hinge" ? Math.max(0, 1 - sign(i) * values[i]) : p(i))),
        kept.map((i) => Number(labels[i] === 1)),
        kept.map((i) => -sign(i) * (kind === "hinge" ? Number(1 - sign(i) * values[i] > 0) : p(i) * (1 - p(i)))),
      );
      const { least, most } = derivativeBounds(example);
      for (const [k, i] of kept.entries()) {
        expect(least[i]).toBeCloseTo(Math.min(...gradients.map((one) => one[k])), 12);
        expect(most[i]).toBeCloseTo(Math.max(...gradients.map((one) => one[k])), 12);
      }
      for (const i of labels.keys()) if (labels[i] === VOID) expect([least[i], most[i]]).toEqual([0, 0]);
    }),
  );
});

test("derivativeBounds(example) holds both sides of a kink", () => {
  // at a margin of 1 the derivative of the error is 0 to 1
  const example: LossCase = { kind: "hinge", values: Float32Array.of(1), labels: Int32Array.of(1), options: { shape: [1, 1, 1] }, salt: 0 };
  expect([...derivativeBounds(example).least, ...derivativeBounds(example).most].map((one) => one + 0)).toEqual([-1, 0]);
});

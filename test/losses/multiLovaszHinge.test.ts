import { describe, expect, test } from "vitest";
import { lovaszHinge, memory, multiLovaszHinge, noGrad, tensor, valueAndGrad } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { integers, normals } from "../helpers/random.js";

describe("multiLovaszHinge(logits, labels, options)", () => {
  test("is the hinge of each column with its gradient, void pixels left out", () => {
    const [p, c] = [17, 3];
    const logits = normals(p * c, 4);
    const labels = integers(p * c, 2, 8).map((label, i) => (i % 11 === 5 ? 255 : label));
    const before = memory();
    const { losses, grads } = multiLovaszHinge(logits, labels, { shape: [p, c], ignore: 255 });
    expect(memory()).toEqual(before);
    for (let k = 0; k < c; k++) {
      const column = (_: number, i: number) => i % c === k;
      const one = valueAndGrad(lovaszHinge)(logits.filter(column), labels.filter(column), { ignore: 255 });
      expect(losses[k]).toBe(one.value);
      expect(grads.filter(column)).toEqual(one.grad);
    }
  });

  test("takes a Tensor, in which it leaves no graph, and no pixels at all", () => {
    const logits = tensor(
      [
        [1, -1],
        [0.5, 2],
      ],
      undefined,
      { requiresGrad: true },
    );
    const came = multiLovaszHinge(
      logits,
      tensor([
        [1, 0],
        [0, 1],
      ]),
    );
    expectClose(came.losses, [lovaszHinge(Float32Array.of(1, 0.5), [1, 0]).item(), 0]);
    expect(logits.grad).toBe(null);
    expect(multiLovaszHinge(new Float32Array(0), [], { shape: [0, 2] }).losses).toEqual(new Float32Array(2));
  });

  test("computes within noGrad, too", () => {
    const call = () => multiLovaszHinge(normals(12, 4), integers(12, 2, 8), { shape: [4, 3] });
    expect(noGrad(call)).toEqual(call());
  });

  test("refuses what it cannot compute", () => {
    const logits = Float32Array.of(1, 2, 3, 4);
    expectError(() => multiLovaszHinge(logits, [0, 1, 1, 0]), "shape", /the logits have shape \[4\], expected \[P, C\]/);
    expectError(() => multiLovaszHinge(logits, [0, 1], { shape: [2, 2] }), "shape", /labels has 2 entries, expected 4/);
    expectError(() => multiLovaszHinge(logits, [0, 1, 3, 0], { shape: [2, 2] }), "label", /labels\[2\] is 3, expected 0 or 1/);
    expectError(
      () => multiLovaszHinge(Float32Array.of(1, 2, Number.NaN, 4), [0, 1, 1, 0], { shape: [2, 2] }),
      "nan",
      /multiLovaszHinge: input\[2\]/,
    );
    expectError(() => multiLovaszHinge(logits, [0, 1, 1, 0], { shape: [2, 2], perImage: true } as never), "option", /no option "perImage"/);
  });
});

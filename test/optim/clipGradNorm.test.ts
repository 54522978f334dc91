import { describe, expect, test } from "vitest";
import { optim, type Tensor, tensor, zeros } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { normals } from "../helpers/random.js";

const parameter = (gradient?: ArrayLike<number> | null) => {
  const made = zeros([gradient?.length ?? 2], { requiresGrad: true });
  if (gradient) made.grad = tensor(Float32Array.from(gradient));
  return made;
};
const gradients = (all: readonly Tensor[]) => all.flatMap(({ grad }) => (grad ? [...grad.data] : []));
const normOf = (values: readonly number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

describe("clipGradNorm(parameters, maxNorm)", () => {
  test("scales all gradients by maxNorm / (norm + 1e-6) where that is below 1, and returns the norm before", () => {
    for (const n of [0, 1, 2, 3, 4, 5, 7, 8, 9, 33, 1003]) {
      for (const scale of [1e-7, 1, 1e4]) {
        for (const maxNorm of [0, 1e-3, 1, 1e5]) {
          const parameters = [normals(n, 1), null, normals(3, 2)].map((g) => parameter(g?.map((x) => scale * x)));
          const before = gradients(parameters);
          const norm = optim.clipGradNorm(parameters, maxNorm);
          expectClose([norm], [normOf(before)], { absolute: 0, relative: 1e-12 });
          const factor = Math.min(1, maxNorm / (norm + 1e-6));
          const expected = before.map((x) => factor * x);
          expectClose(gradients(parameters), expected, { absolute: 0, relative: factor === 1 ? 0 : 2e-7 });
          expect(parameters[1].grad).toBeNull();
        }
      }
    }
  });

  test("takes gradients whose squares float32 does not hold, large and small", () => {
    for (const large of [1e25, 3e38]) {
      const parameters = [parameter([large, -large, 0]), parameter(new Float32Array(1000).fill(large))];
      const norm = optim.clipGradNorm(parameters, 2);
      expectClose([norm], [Math.fround(large) * Math.sqrt(1002)], { relative: 1e-12 });
      expectClose([normOf(gradients(parameters))], [2]);
    }
    expectClose([optim.clipGradNorm([parameter([3e-38, 4e-38])], 1)], [5e-38], { absolute: 0, relative: 1e-6 });
    // what comes out is small, too
    const tiny = [parameter([3e38, 4e37])];
    optim.clipGradNorm(tiny, 1e-3);
    expectClose(gradients(tiny), [1e-3 * (30 / Math.hypot(30, 4)), 1e-3 * (4 / Math.hypot(30, 4))], { absolute: 0, relative: 1e-6 });
  });

  test("leaves gradients alone that are not finite, and returns that norm", () => {
    for (const wrong of [Number.NaN, Infinity, -Infinity]) {
      const parameters = [parameter([1, wrong]), parameter([5])];
      expect(optim.clipGradNorm(parameters, 1)).toBe(Number.isNaN(wrong) ? Number.NaN : Infinity);
      expect(gradients(parameters)).toEqual([1, wrong, 5]);
    }
  });

  test("only measures with Infinity, and gives 0 where there is no gradient", () => {
    const parameters = [parameter([3e20, 4e20])];
    expectClose([optim.clipGradNorm(parameters, Infinity)], [5e20]);
    expect(gradients(parameters)).toEqual([3e20, 4e20].map(Math.fround));
    expect([optim.clipGradNorm([], 1), optim.clipGradNorm([parameter(null)], 1)]).toEqual([0, 0]);
  });

  test("scales a gradient of two parameters once", () => {
    const [p, q] = [parameter([3]), parameter(null)];
    const shared = zeros([1], { requiresGrad: true });
    shared.grad = p.grad;
    optim.clipGradNorm([p, q, shared], 1);
    expectClose(gradients([p]), [Math.SQRT1_2]);
  });

  test("refuses what it cannot clip, and scales nothing then", () => {
    const [p, q] = [parameter([3]), parameter([4])];
    for (const wrong of [-1, Number.NaN, "1", undefined]) {
      expectError(() => optim.clipGradNorm([p], wrong as number), "option", /maxNorm is .*, expected a number of at least 0/);
    }
    expectError(() => optim.clipGradNorm(p as never, 1), "option", /parameters is .*, expected an array of tensors/);
    expectError(() => optim.clipGradNorm([p, 3 as never], 1), "option", /parameters\[1\] is 3, expected a Tensor/);
    expectError(() => optim.clipGradNorm([p, p], 1), "option", /parameters\[1\] was listed before/);
    q.grad?.dispose();
    expectError(() => optim.clipGradNorm([p, q], 1), "disposed", /the grad of parameters\[1\], a tensor of shape \[1\], was disposed/);
    q.dispose();
    expectError(() => optim.clipGradNorm([p, q], 1), "disposed", /: parameters\[1\], a tensor of shape \[1\], was disposed/);
    expect(gradients([p])).toEqual([3]);
  });
});

// Steps of an optimiser beside its formula in float64.
import { type optim, type Tensor, tensor } from "../../src/index.js";
import { expectClose } from "./closeTo.js";
import { normals } from "./random.js";

const LIMIT = { absolute: 1e-6, relative: 2e-6 };

/** Lengths around whole vectors. */
export const lengths = [1, 2, 3, 4, 5, 7, 8, 9, 33];

/** Runs `steps` steps on a parameter of `n` elements with given gradients; compares with `update`, element by element. */
export function follow(
  make: (parameters: Tensor[]) => optim.Optimizer,
  update: (p: number, g: number, state: { m: number; v: number }, t: number) => number,
  n: number,
): void {
  const parameter = tensor(normals(n, 1), [n], { requiresGrad: true });
  const optimizer = make([parameter]);
  const expected = Float64Array.from(parameter.data);
  const states = Array.from({ length: n }, () => ({ m: 0, v: 0 }));
  for (let t = 1; t <= 5; t++) {
    const gradient = normals(n, 10 + t);
    parameter.backward(tensor(gradient));
    optimizer.step();
    optimizer.zeroGrad();
    for (let i = 0; i < n; i++) expected[i] = update(expected[i], gradient[i], states[i], t);
    expectClose(parameter.data, expected, LIMIT, `step ${t}`);
  }
}

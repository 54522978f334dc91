// Each activation layer is its operator.
import { expect, test } from "vitest";
import * as lovasz from "../../src/index.js";
import { nn, type Tensor, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";

const layers: [layer: nn.Module, operator: (a: Tensor) => Tensor][] = [
  [new nn.ReLU(), lovasz.relu],
  [new nn.Sigmoid(), lovasz.sigmoid],
  [new nn.Tanh(), lovasz.tanh],
  [new nn.LeakyReLU(), lovasz.leakyRelu],
  [new nn.LeakyReLU(0.25), (a) => lovasz.leakyRelu(a, 0.25)],
  [new nn.ReLU6(), lovasz.relu6],
  [new nn.SiLU(), lovasz.silu],
  [new nn.GELU(), lovasz.gelu],
  [new nn.Hardswish(), lovasz.hardswish],
];

test.each(layers.map(([layer, operator]) => [layer.constructor.name, layer, operator] as const))("%s", (_, layer, operator) => {
  const a = tensor([-7, -2, -0.5, 0, 0.5, 2, 7], undefined, { requiresGrad: true });
  const [out, expected] = [layer.forward(a), operator(a)];
  expectSame(out.data, expected.data);
  out.backward([1, 2, 3, 4, 5, 6, 7]);
  expect(a.grad).not.toBeNull();
  expect([layer.parameters(), layer.stateDict()]).toEqual([[], {}]);
  layer.dispose();
  for (const made of [a, out, expected]) made.dispose();
});

test("LeakyReLU rejects a slope that is no finite number", () => {
  for (const wrong of [null, "0.1", NaN, Infinity, { slope: 0.1 }]) {
    expectError(() => new nn.LeakyReLU(wrong as number), "option", /^new nn\.LeakyReLU\(slope\): slope is .*, expected a finite number/);
  }
});

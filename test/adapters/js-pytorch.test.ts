import { torch } from "js-pytorch";
import { describe, expect, test } from "vitest";
import { torchLosses } from "../../src/adapters/js-pytorch.js";
import { lovaszHinge, lovaszSigmoid, lovaszSoftmax, memory, valueAndGrad } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { integers, normals } from "../helpers/random.js";

const losses = torchLosses(torch);

const flat = (nested: unknown) => (nested as number[]).flat(Number.POSITIVE_INFINITY) as number[];
const tensor = (values: ArrayLike<number>, shape: number[], requiresGrad = false) =>
  torch.tensor(torch._reshape(Array.from(values), shape), requiresGrad);

describe("torchLosses(torch)", () => {
  const values = normals(120, 1);
  const map = integers(30, 4, 2);

  test("lovaszSoftmax has the classes last, as js-pytorch's own losses: value and gradient are ours", () => {
    const shape = [2, 3, 5, 4];
    const ours = valueAndGrad(lovaszSoftmax)(values, map, { shape, layout: "NHWC" });
    const outputs = tensor(values, shape, true);
    const loss = losses.lovaszSoftmax().forward(outputs, tensor(map, [2, 3, 5]));
    expect(loss.shape).toEqual([1]);
    expect(loss.data).toEqual([ours.value]);
    loss.backward();
    expect(outputs._grad.shape).toEqual(shape);
    expectClose(flat(outputs.grad), ours.grad);
  });

  test("labels are a tensor, nested arrays, a typed array, or one-hot with rows of zeros for void", () => {
    const outputs = tensor(values, [30, 4]);
    const softmax = losses.lovaszSoftmax({ ignore: -1 });
    const someVoid = map.map((c, i) => (i % 5 === 2 ? -1 : c));
    const expected = valueAndGrad(lovaszSoftmax)(values, someVoid, { shape: [30, 4], ignore: -1 }).value;
    const rows = Array.from(someVoid, (c) => [0, 1, 2, 3].map((k) => Number(k === c)));
    for (const labels of [someVoid, Array.from(someVoid), tensor(someVoid, [30]), tensor(someVoid, [30, 1]), rows, torch.tensor(rows)]) {
      expect(softmax.forward(outputs, labels).data).toEqual([expected]);
    }
  });

  test.each([
    ["lovaszHinge", lovaszHinge],
    ["lovaszSigmoid", lovaszSigmoid],
  ] as const)("%s of [B, N], void pixels too, is our own", (name, ours) => {
    const labels = map.map((c) => (c > 1 ? 255 : c));
    const x = values.slice(0, 30);
    const expected = valueAndGrad(ours)(x, labels, { shape: [2, 15], ignore: 255 });
    const outputs = tensor(x, [2, 15], true);
    const loss = losses[name]({ ignore: 255 }).forward(outputs, tensor(labels, [2, 15]));
    expect(loss.data).toEqual([expected.value]);
    loss.backward();
    expectClose(flat(outputs.grad), expected.grad);
  });

  test("backward reaches the weights, in sums with other losses too, as finite differences say", () => {
    const x = tensor(normals(24, 3), [8, 3]);
    const labels = new Uint8Array([1, 0, 0, 1, 0, 1, 1, 0]);
    const start = [0.3, -0.2, 0.11];
    const hinge = losses.lovaszHinge();
    const total = (w: InstanceType<typeof torch.Tensor>) => {
      const outputs = x.matmul(w);
      return hinge.forward(outputs, labels).mul(3).add(outputs.mul(outputs).sum(0).sum(0).mul(0.1));
    };
    const w = tensor(start, [3, 1], true);
    total(w).backward();
    const step = 2 ** -11;
    const differences = start.map((_, i) => {
      const at = (by: number) =>
        flat(
          total(
            tensor(
              start.map((v, k) => (k === i ? v + by : v)),
              [3, 1],
            ),
          ).data,
        )[0];
      return (at(step) - at(-step)) / (2 * step);
    });
    expectClose(flat(w.grad), differences, { absolute: 3e-3, relative: 3e-3 });
  });

  test("trains a model with js-pytorch's optimiser, without leaving memory of ours behind", () => {
    const features = normals(192, 5);
    const x = tensor(features, [64, 3]);
    const labels = Uint8Array.from({ length: 64 }, (_, i) => Number(features[3 * i] > 0.5));
    const model = new torch.nn.Linear(3, 1);
    const optimizer = new torch.optim.Adam(model.parameters(), 0.1);
    const hinge = losses.lovaszHinge();
    const before = memory();
    const seen: number[] = [];
    for (let i = 0; i < 80; i++) {
      const loss = hinge.forward(model.forward(x), labels);
      loss.backward();
      optimizer.step();
      optimizer.zero_grad();
      seen.push(loss.data[0]);
    }
    expect(seen[79]).toBeLessThan(0.5 * seen[0]);
    expect(memory()).toEqual(before);
  });

  test("outputs outside any graph give a loss outside it", () => {
    const loss = losses.lovaszHinge().forward(tensor([1, -1], [2]), [1, 0]);
    expect([loss.requires_grad, loss.data]).toEqual([false, [0]]);
  });

  test("misuse is refused by name", () => {
    const outputs = tensor(values, [5, 6, 4], true);
    const hinge = losses.lovaszHinge();
    const softmax = losses.lovaszSoftmax();
    expectError(() => softmax.forward([1, 2] as never, [0]), "shape", /outputs is an array of 2, expected a tensor of js-pytorch/);
    expectError(
      () => softmax.forward(outputs, tensor(map, [6, 5])),
      "shape",
      /labels has shape \[6, 5\], expected \[5, 6\] \(class numbers\) or/,
    );
    expectError(() => softmax.forward(outputs, map.slice(1)), "shape", /labels has 29 entries, expected 30/);
    expectError(() => hinge.forward(tensor([1, 2], [2]), [0, 3]), "label", /labels\[1\] is 3, expected 0 or 1/);
    expectError(() => hinge.forward(tensor([1, 2], [2]), "01" as never), "label", /labels is "01", expected a tensor of js-pytorch/);
    expectError(
      () => hinge.forward(tensor([1, 2], [2]), [[1], ["x"]] as never),
      "data",
      /labels holds "x", expected numbers in nested arrays/,
    );
    expectError(() => hinge.forward(tensor([1, 2, 3], [3]), [[1, 0], [1]]), "shape", /labels has 3 numbers, expected 4/);
    expect(outputs.children).toEqual([]);
  });

  test("anything but torch is refused", () => {
    expectError(() => torchLosses(undefined as never), "option", /torchLosses\(torch\): torch is undefined, expected the module itself/);
    expectError(
      () => torchLosses({ nn: {} } as never),
      "option",
      /torch is an object without tensor\(\).*import \{ torch \} from "js-pytorch"/,
    );
  });
});

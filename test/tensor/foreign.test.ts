// A second copy of the package in the same program.
import { beforeAll, expect, test, vi } from "vitest";
import * as lovasz from "../../src/index.js";
import { isForeign } from "../../src/tensor/foreign.js";
import { expectError } from "../helpers/errors.js";

let second: typeof lovasz;
beforeAll(async () => {
  vi.resetModules();
  second = await import("../../src/index.js");
  expect(second.Tensor).not.toBe(lovasz.Tensor);
});

test("only tensors of the other copy are foreign", () => {
  expect(isForeign(second.tensor([1]))).toBe(true);
  const own = [lovasz.tensor([1]), new second.nn.ReLU(), {}, [], null, undefined, 5, "tensor", () => 1, new Float32Array(1)];
  expect(own.map((value) => isForeign(value))).toEqual(own.map(() => false));
  expect(isForeign(new second.nn.ReLU(), "Module")).toBe(true);
  expect(isForeign(new lovasz.nn.ReLU(), "Module")).toBe(false);
});

test.each<[string, () => unknown, RegExp]>([
  ["tensor", () => second.zeros([1]), /^layers\.1 is a Tensor of another copy of lovasz.*import lovasz from one place only.*npm dedupe/],
  ["module", () => new second.nn.Linear(1, 1), /^layers\.1 is a Module of another copy of lovasz/],
])("a %s of another copy is refused as a part of a network, not left out", (_, make, message) => {
  class Mixed extends lovasz.nn.Module {
    readonly layers = [lovasz.zeros([1]), make()];
    forward(input: lovasz.Tensor): lovasz.Tensor {
      return input;
    }
  }
  const mixed = new Mixed();
  const calls = [() => mixed.parameters(), () => mixed.stateDict(), () => mixed.loadStateDict({}), () => mixed.dispose()];
  for (const call of calls) expectError(call, "option", message);
});

test.each<[string, () => unknown, RegExp]>([
  ["an operand", () => lovasz.add(lovasz.ones([1]), second.ones([1])), /b is a Tensor of another copy of lovasz/],
  ["the input of a loss", () => lovasz.lovaszHinge(second.ones([1]), [1]), /the input is a Tensor of another copy/],
  ["labels", () => lovasz.lovaszHinge(Float32Array.of(1), second.ones([1])), /labels is a Tensor of another copy/],
  ["an upstream gradient", () => lovasz.ones([1], { requiresGrad: true }).backward(second.ones([1])), /values is a Tensor of another copy/],
  ["a layer", () => new lovasz.nn.Sequential(new second.nn.ReLU()), /layers\[0\] is a Module of another copy/],
  ["a parameter", () => new lovasz.optim.SGD([second.ones([1])], { lr: 1 }), /parameters\[0\] is a Tensor of another copy/],
])("%s of another copy is called that", (_, call, message) => {
  lovasz.tidy(() => expect(call).toThrow(message));
});

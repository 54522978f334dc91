import { expect, test } from "vitest";
import { memory, tensor, tidy } from "../../src/index.js";
import { through } from "../../src/nn/through.js";

test("through frees its input once the layer has its result, but not what is kept or returned", () => {
  const before = memory();
  tidy(() => {
    const [a, b, c] = [1, 2, 3].map((value) => tensor(value));
    const out = through(
      a,
      (one) => one === b,
      (x) => x.mul(2),
    );
    expect([a.gone !== "", out.item()]).toEqual([true, 2]);
    expect(
      through(
        b,
        (one) => one === b,
        (x) => x.mul(2),
      ).item(),
    ).toBe(4);
    expect(
      through(
        c,
        () => false,
        (x) => x,
      ),
    ).toBe(c);
    expect([b.item(), c.item()]).toEqual([2, 3]);
  });
  expect(memory()).toEqual(before);
});

test("through leaves its input to the caller where the layer throws", () => {
  const a = tensor(1);
  const broken = () => {
    throw new Error("on purpose");
  };
  expect(() => through(a, () => false, broken)).toThrow("on purpose");
  expect(a.item()).toBe(1);
  a.dispose();
});

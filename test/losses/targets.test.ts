import { describe, expect, test } from "vitest";
import { dice, focal, valueAndGrad } from "../../src/index.js";

describe("class numbers of a task of one class", () => {
  const input = Float32Array.of(0.5, 0.25, 0.75);
  const labels = [0, 0, 255];

  test("say that every pixel that is not void is of it", () => {
    const options = { mode: "multiclass", shape: [1, 1, 3], ignore: 255 } as const;
    const { value } = valueAndGrad(dice)(input, labels, { ...options, fromLogits: false });
    expect(value).toBeCloseTo(1 - (2 * 0.75) / (0.75 + 2), 6);
    const foreground = valueAndGrad(focal)(input, [1, 1, 255], { ignore: 255, alpha: 0.25 });
    expect(valueAndGrad(focal)(input, labels, { ...options, alpha: 0.25 })).toEqual(foreground);
  });
});

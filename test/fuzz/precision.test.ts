import { describe, expect, test } from "vitest";
import { heldValues, toHalf } from "../../src/fuzz/precision.js";
import { DTYPES } from "../../src/model/dtypes.js";

// all halves by their bits: of 0 and above, the finite ones come first, in ascending order
const halves = DTYPES.get("F16")!.read(Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits).buffer);
const INFINITE = 0x7c00;

describe("toHalf(value)", () => {
  test("leaves all halves as they are", () => {
    for (const half of halves) expect(Object.is(toHalf(half), half)).toBe(true);
  });

  test("rounds to the nearest, and in the middle of two to the one whose last bit is 0", () => {
    for (let bits = 0; bits < INFINITE; bits++) {
      // what would come after the greatest
      const [low, high] = [halves[bits], bits + 1 === INFINITE ? 2 ** 16 : halves[bits + 1]];
      const [below, above] = [low, bits + 1 === INFINITE ? Number.POSITIVE_INFINITY : high];
      const middle = (low + high) / 2;
      for (const sign of [1, -1]) {
        expect(Object.is(toHalf(sign * middle), sign * (bits % 2 === 0 ? below : above))).toBe(true);
        expect(Object.is(toHalf(sign * (middle - low * 2 ** -30 - 2 ** -60)), sign * below)).toBe(true);
        expect(toHalf(sign * (middle + high * 2 ** -30))).toBe(sign * above);
      }
    }
  });

  test("keeps NaN", () => expect(toHalf(Number.NaN)).toBeNaN());
});

test("heldValues(precision, values) rounds to halves that are not subnormal for float16 alone", () => {
  const values = Float32Array.of(0.1, -1e-5, 6.2e-5, 1e30);
  expect(heldValues("float16", values)).toEqual(Float32Array.of(0.0999755859375, -0, 6.198883056640625e-5, Number.POSITIVE_INFINITY));
  for (const precision of [undefined, "float32"] as const) expect(heldValues(precision, values)).toBe(values);
});

import { expect, test } from "vitest";
import { brightest } from "../../../src/cli/report/brightest.js";

test("is the largest value of any channel, and 1 for a black picture", () => {
  expect(brightest({ rgb: Uint8Array.of(3, 90, 7) })).toBe(90);
  expect(brightest({ rgb: Uint16Array.of(3, 9000, 7) })).toBe(9000);
  expect(brightest({ rgb: new Uint8Array(3) })).toBe(1);
});

import { expect, test } from "vitest";
import { ignoreOption, labelOptions, thresholdOption } from "../../../src/cli/commands/labelOptions.js";
import { WrongCall } from "../../../src/cli/exits.js";

test("what was not asked for is null", () => {
  const nothing = { classes: null, ignore: [], threshold: null, colours: null, maskSuffix: "" };
  expect(labelOptions({})).toEqual(nothing);
  expect(labelOptions({ classes: 3, ignore: [0], maskSuffix: "_m" })).toEqual({ ...nothing, classes: 3, ignore: [0], maskSuffix: "_m" });
});

test("a threshold has nothing to part among class numbers", () => {
  expect(() => labelOptions({ classes: 2, threshold: 1 })).toThrow(WrongCall);
});

test("values are those of 16 bits, and a threshold of 0 would leave no background", () => {
  expect(ignoreOption().parseArg?.("0", undefined)).toEqual([0]);
  expect(thresholdOption().parseArg?.("65535", undefined)).toBe(65535);
  expect(() => thresholdOption().parseArg?.("0", undefined)).toThrow(/from 1 to 65535/);
  expect(() => ignoreOption().parseArg?.("65536", undefined)).toThrow(/from 0 to 65535, or several with commas/);
});

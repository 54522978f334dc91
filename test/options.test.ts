// Reading of option objects.
import { runInNewContext } from "node:vm";
import { expect, describe as suite, test } from "vitest";
import { choice, describe, finite, flag, integer, knownOptions } from "../src/options.js";
import { expectError } from "./helpers/errors.js";

suite("options", () => {
  test("have known names only", () => {
    knownOptions("f", {}, ["a", "b"]);
    knownOptions("f", { a: 1, b: undefined }, ["a", "b"]);
    expectError(() => knownOptions("f", { c: undefined }, ["a", "b"]), "option", /^f has no option "c"; it knows a, b$/);
    class Settings {
      a = 1;
    }
    const inherits = Object.create({ a: 1 });
    const empty = [
      new Map([["a", 1]]),
      new Set(["a"]),
      new Date(),
      new Uint8Array(0),
      () => ({ a: 1 }),
      new Settings(),
      inherits,
      Promise.resolve(),
    ];
    for (const wrong of [null, 3, "a", ["a"], undefined, ...empty]) {
      expectError(
        () => knownOptions("f", wrong as object, ["a"]),
        "option",
        /^f: options is .*, expected an object such as \{ a: \.\.\. \}$/,
      );
    }
  });

  test("are plain objects, of another context and without a prototype too", () => {
    for (const given of [runInNewContext("({ a: 1 })"), Object.assign(Object.create(null), { a: 1 }), Object.freeze({ a: 1 })]) {
      knownOptions("f", given, ["a"]);
      expectError(() => knownOptions("f", given, ["b"]), "option", /has no option "a"/);
    }
  });

  test("choose one of some words, or the default", () => {
    const read = (value: unknown) => choice("f", "mode", value, ["x", "y"], "y");
    expect([read(undefined), read("x"), read("y")]).toEqual(["y", "x", "y"]);
    expectError(() => read("z"), "option", /^f: mode is "z", expected "x" or "y"$/);
    expectError(() => read(null), "option", /mode is null/);
  });

  test("are true or false and nothing like it", () => {
    const read = (value: unknown) => flag("f", "on", value, true);
    expect([read(undefined), read(false), read(true)]).toEqual([true, false, true]);
    for (const wrong of [0, 1, "true", null]) expectError(() => read(wrong), "option", /^f: on is .*, expected true or false$/);
  });

  test("are finite numbers in a range, ends included", () => {
    const read = (value: unknown) => finite("f", "rate", value, 0.5, 0, 1);
    expect([read(undefined), read(0), read(1), read(0.25)]).toEqual([0.5, 0, 1, 0.25]);
    for (const wrong of [-0.1, 1.1, NaN, Infinity, "0.5", null]) {
      expectError(() => read(wrong), "option", /^f: rate is .*, expected a finite number from 0 to 1$/);
    }
    expectError(() => finite("f", "rate", NaN, 0), "option", /expected a finite number$/);
    expectError(() => finite("f", "rate", -1, 0, 0), "option", /expected a finite number of at least 0$/);
    expectError(() => finite("f", "rate", 2, 0, Number.NEGATIVE_INFINITY, 1), "option", /expected a finite number of at most 1$/);
  });

  test("are numbers that float32 holds: what is larger would be infinite in the kernels", () => {
    const most = (2 - 2 ** -23) * 2 ** 127;
    expect([finite("f", "rate", most, 0), finite("f", "rate", -most, 0), finite("f", "rate", 1e-320, 0)]).toEqual([most, -most, 1e-320]);
    for (const wrong of [1e39, -1e39, 1e308]) {
      expectError(
        () => finite("f", "rate", wrong, 0),
        "option",
        /^f: rate is .*, expected a finite number within 3.4e\+38, the largest of float32$/,
      );
    }
    expectError(() => finite("f", "rate", 1e39, 0, 0), "option", /is 1e\+39, expected a finite number of at least 0 within 3.4e\+38/);
    expectError(() => finite("f", "rate", 1e39, 0, 0, 1e29), "option", /is 1e\+39, expected a finite number from 0 to 1e\+29$/);
    expectError(() => integer("f", "count", 1e39, 0), "option", /is 1e\+39, expected a finite number within/);
  });

  test("are integers in a range, ends included", () => {
    const read = (value: unknown) => integer("f", "count", value, 2, 1, 3);
    expect([read(undefined), read(1), read(3)]).toEqual([2, 1, 3]);
    expectError(() => read(1.5), "option", /^f: count is 1\.5, expected an integer from 1 to 3$/);
    for (const wrong of [0, 4, NaN, "2", null]) expectError(() => read(wrong), "option", /^f: count is .*, expected an? .*from 1 to 3$/);
    expectError(() => integer("f", "count", 0.5, 0), "option", /expected an integer$/);
  });
});

suite("describe", () => {
  test("says what a value is, shortly", () => {
    const cases: [unknown, string][] = [
      [undefined, "undefined"],
      [null, "null"],
      [-0.5, "-0.5"],
      [true, "true"],
      ['a"b', '"a\\"b"'],
      ["x".repeat(60), `"${"x".repeat(40)}..."`],
      [() => 1, "a function"],
      [[1, 2], "an array of 2"],
      [new Uint8Array(3), "a Uint8Array of 3"],
      [new Map(), "a value of type Map"],
      [Object.create(null), "a value of type object"],
      [10n, "a value of type BigInt"],
      [Symbol("s"), "a value of type Symbol"],
    ];
    for (const [value, text] of cases) expect(describe(value)).toBe(text);
  });
});

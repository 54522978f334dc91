// What an error of this package must be: of one class, with a code, a message that helps, and nothing left behind.
import { expect } from "vitest";
import { LovaszError, type LovaszErrorCode, memory } from "../../src/index.js";

/** Runs `fn`, expects a LovaszError of `code` whose message matches, and as much memory in use as before. */
export function expectError(fn: () => unknown, code: LovaszErrorCode, message: RegExp): void {
  const before = memory();
  let caught: unknown;
  try {
    fn();
  } catch (error) {
    caught = error;
  }
  expect(caught, "nothing was thrown").toBeDefined();
  expect(caught, String(caught)).toBeInstanceOf(LovaszError);
  expect((caught as LovaszError).code, String(caught)).toBe(code);
  expect((caught as LovaszError).message).toMatch(message);
  expect(memory()).toEqual(before);
}

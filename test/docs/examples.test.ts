import { describe, expect, test } from "vitest";
import * as lovasz from "../../src/index.js";
import { examples, printedBy } from "./examples.js";

const all = examples();

test.each(all)("the example of $name ($file) prints what it says", async ({ code, output }) => {
  expect(output.length).toBeGreaterThan(0);
  expect(await printedBy(code)).toEqual(output);
});

describe("every function and class has an example:", () => {
  const { nn, optim, ...own } = lovasz;
  const names = [own, nn, optim].flatMap((module) => Object.keys(module));
  test.each(names)("%s", (name) => expect(all.map((example) => example.name)).toContain(name));
});

import { describe, expect, test } from "vitest";
import * as jax from "../../src/adapters/jax.js";
import * as torch from "../../src/adapters/js-pytorch.js";
import * as tfjs from "../../src/adapters/tfjs.js";
import * as fuzz from "../../src/fuzz/index.js";
import * as lovasz from "../../src/index.js";
import * as model from "../../src/model/index.js";
import * as sketch from "../../src/sketch/index.js";
import { examples, printedBy } from "./examples.js";

const all = examples();

test.each(all)("the example of $name ($file) prints what it says", async ({ code, output }) => {
  expect(await printedBy(code)).toEqual(output);
});

describe("every function and class has an example:", () => {
  const { nn, optim, ...own } = lovasz;
  const names = [own, nn, optim, model, sketch, fuzz, tfjs, jax, torch].flatMap((module) => Object.keys(module));
  test.each(names)("%s", (name) => expect(all.map((example) => example.name)).toContain(name));
});

import { expect, test } from "vitest";
import { dice, jaccard, tversky } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { normals } from "../helpers/random.js";
import { regionSuite } from "../helpers/regionSuite.js";

const settings = { alpha: 0.3, beta: 0.7 };

regionSuite("tversky", tversky, settings, settings);

const [logits, labels] = [normals(6, 3), [0, 1, 1, 0, 0, 1]];

test("tversky of 1 and 1 is jaccard, of 1/2 and 1/2 (the default) dice", () => {
  expectClose([tversky(logits, labels, { alpha: 1, beta: 1 }).item()], [jaccard(logits, labels).item()]);
  expectClose([tversky(logits, labels).item()], [dice(logits, labels).item()]);
});

test("tversky takes the power gamma of the mean loss", () => {
  expectClose([tversky(logits, labels, { gamma: 1.5 }).item()], [tversky(logits, labels).item() ** 1.5]);
  expectClose([tversky(logits, labels, { alpha: 0, beta: 0, eps: 0 }).item()], [0]);
});

test("tversky refuses weights below 0", () => {
  for (const name of ["alpha", "beta", "gamma"])
    expectError(() => tversky(logits, labels, { [name]: -1 }), "option", new RegExp(`${name} is -1`));
  expect(tversky.length).toBe(2);
});

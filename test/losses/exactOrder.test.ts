// The exact losses on inputs that are hard to sort: each distribution takes another way through cells, runs and ties.
import { describe, expect, test } from "vitest";
import { lovaszExtension, lovaszHinge, lovaszSigmoid, lovaszSoftmax, valueAndGrad } from "../../src/index.js";
import { uniform } from "../../src/random.js";
import { expectClose } from "../helpers/closeTo.js";
import { integers, normals, uniforms } from "../helpers/random.js";
import { extensionLoss, hinge, sigmoid, softmax } from "../oracle/lovasz.js";

const N = 6007;
const noise = normals(N, 11);
const places = integers(N, 5, 12);

// what the 32 bits of a sort key make of each: see assembly/lovasz/errors/key.ts
const distributions: Record<string, Float32Array> = {
  normal: noise,
  uniform: uniforms(N, -3, 3, 13),
  confident: noise.map((x) => 12 * x),
  "all equal": new Float32Array(N).fill(0.25),
  "few values": Float32Array.from(places, (k) => k - 2),
  "multiples of a 256th": noise.map((x) => Math.round(256 * x) / 256),
  "multiples of a 256th, and neighbours": noise.map((x, i) => Math.round(256 * x) / 256 + places[i] * 2 ** -18),
  sorted: noise.toSorted(),
  reversed: noise.toSorted().reverse(),
  "five clusters of thousands": noise.map((x, i) => places[i] - 2 + 1e-4 * x),
  "clusters of a hundred in one cell each": noise.map((x, i) => (i % 60) / 30 - 1 + 1e-6 * x),
  "a hundred in one cell, between those of a sample": noise.map((x, i) => (i % 60 === 7 ? 0.5 + 1e-6 * x : x)),
  "one cluster and an outlier": noise.map((x, i) => (i === 77 ? -1e9 : 1e-3 * x)),
  "margins that keys cannot tell apart": noise.map((x) => 1e-9 * x),
  "margins that float64 cannot tell from 1": noise.map((x) => 1e-25 * x),
  "beyond the range of keys": noise.map((x) => 1e25 * x),
  "denormal beside huge": noise.map((x, i) => (i % 2 ? 1e-40 : 1e30) * x),
};

const labelings: Record<string, Uint8Array> = {
  "20 % positive": Uint8Array.from(integers(N, 5, 14), (k) => Number(k === 0)),
  "one positive": new Uint8Array(N).fill(1, 1234, 1235),
  "all but one positive": new Uint8Array(N).fill(1).fill(0, 99, 100),
  "no positive": new Uint8Array(N),
  "a third void": Uint8Array.from(integers(N, 3, 15), (k) => (k === 2 ? 255 : k)),
};

const largest = (values: ArrayLike<number>) => Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

function expectNear(came: { value: number; grad: Float32Array }, expected: { value: number; grad: Float64Array }): void {
  expectClose([came.value], [expected.value], { absolute: 1e-9, relative: 1e-6 }, "loss");
  expectClose(came.grad, expected.grad, { absolute: 1e-6 * largest(expected.grad), relative: 0 }, "gradient");
}

describe.each(Object.entries(distributions))("%s", (_, logits) => {
  test.each(Object.entries(labelings))("with %s, the hinge is its definition", (_, labels) => {
    const options = { shape: [N], ignore: 255 };
    expectNear(valueAndGrad(lovaszHinge)(logits, labels, options), hinge(logits, labels, options));
  });

  test("weighted, and as given errors, the extension is its definition", () => {
    const labels = labelings["a third void"];
    const pixelWeights = integers(N, 4, 16);
    const options = { shape: [N], ignore: 255, pixelWeights };
    expectNear(valueAndGrad(lovaszHinge)(logits, labels, options), hinge(logits, labels, options));
    const errors = logits.map(Math.abs);
    for (const one of [options, { shape: [N], ignore: 255 }]) {
      expectNear(valueAndGrad(lovaszExtension)(errors, labels, one), extensionLoss(errors, labels, { ...one, perImage: false }));
    }
  });
});

// not of few values: errors that are equal by definition differ by rounding in the oracle
test.each(["normal", "uniform", "all equal", "five clusters of thousands"])("%s: sigmoid and softmax", (name) => {
  const logits = distributions[name];
  const labels = labelings["20 % positive"];
  expectNear(valueAndGrad(lovaszSigmoid)(logits, labels, { shape: [N] }), sigmoid(logits, labels, { shape: [N] }));
  const n = (N - 1) / 3;
  const classes = integers(n, 3, 17);
  for (const scale of [1, 20]) {
    const scores = logits.slice(0, 3 * n).map((x) => scale * x);
    const options = { shape: [1, 3, n] };
    expectNear(valueAndGrad(lovaszSoftmax)(scores, classes, options), softmax(scores, classes, options));
  }
});

test("is the same to the bit whatever the order of the pixels, at every size from few records to many digits", () => {
  const next = uniform(18);
  for (const n of [2, 3, 47, 48, 49, 50, 300, 5000, 70_000]) {
    const order = Uint32Array.from({ length: n }, (_, i) => i).sort(() => next() - 0.5);
    // some equal, some in one cell, some apart
    const logits = normals(n, n).map((x, i) => (i % 3 === 0 ? Math.round(4 * x) / 4 : x));
    const labels = Uint8Array.from(logits, (_, i) => Number(i % 4 === 0));
    const first = valueAndGrad(lovaszHinge)(logits, labels);
    const came = valueAndGrad(lovaszHinge)(
      logits.map((_, i) => logits[order[i]]),
      labels.map((_, i) => labels[order[i]]),
    );
    expect(came.value).toBe(first.value);
    expect(came.grad).toEqual(first.grad.map((_, i) => first.grad[order[i]]));
  }
});

// images that no cache holds are sorted in parts
describe("an image of 2^20 and three pixels", () => {
  const n = 2 ** 20 + 3;
  const kinds = Object.values(distributions);
  const logits = normals(n, 17).map((x, i) => (i % 16 < 9 ? x : kinds[i % kinds.length][i % N]));
  const labels = Uint8Array.from(integers(n, 12, 18), (k) => (k === 11 ? 255 : Number(k < 2)));
  const cases: Record<string, [Float32Array, Uint8Array]> = {
    "of everything": [logits, labels],
    "of which most tie": [logits.map((x, i) => (i % 8 ? 0.5 : x)), labels],
    "with no positive": [logits, labels.map((label) => label && 255)],
    "whose positives are all among the largest errors": [logits.map((x, i) => (labels[i] === 1 ? -4 - Math.abs(x) : x)), labels],
  };

  test.each(Object.entries(cases))("%s has the hinge of its definition", (_, [values, truth]) => {
    const options = { shape: [n], ignore: 255 };
    expectNear(valueAndGrad(lovaszHinge)(values, truth, options), hinge(values, truth, options));
  });
});

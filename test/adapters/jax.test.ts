import * as jax from "@jax-js/jax";
import { beforeAll, describe, expect, test } from "vitest";
import { jaxLosses } from "../../src/adapters/jax.js";
import { LovaszError, lovaszHinge, lovaszSigmoid, lovaszSoftmax, memory, valueAndGrad } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { integers, normals } from "../helpers/random.js";

const { numpy: np, tree } = jax;
const losses = jaxLosses(jax);

const array = (values: Float32Array, shape: number[]) => np.array(values, { shape });
const numbers = async (x: jax.Array) => [...(await x.data())];

async function refusal(promise: Promise<unknown>): Promise<LovaszError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LovaszError);
  return error as LovaszError;
}

describe.each(["wasm", "cpu"] as const)("jaxLosses(jax) on the device %s", (device) => {
  beforeAll(async () => {
    // the others ask for a browser, even to say that they are not there
    await jax.init("wasm", "cpu");
    jax.defaultDevice(device);
  });

  const shape = [2, 3, 4, 5];
  const values = normals(120, 1);
  const map = integers(40, 3, 2);

  test("lovaszSoftmax of NCHW outputs is our own, value and gradient", async () => {
    const ours = valueAndGrad(lovaszSoftmax)(values, map, { shape });
    const { value, grads } = await losses.lovaszSoftmax()((x: jax.Array) => x, array(values, shape), map);
    expect(value).toBe(ours.value);
    expect(grads.shape).toEqual(shape);
    expectClose(await numbers(grads), ours.grad);
  });

  test("labels may be arrays of jax-js: class numbers, or one-hot rows, of which those of zeros are void", async () => {
    const rows = new Float32Array(120);
    map.forEach((c, i) => {
      if (i % 6 !== 5) rows[(Math.floor(i / 20) * 3 + c) * 20 + (i % 20)] = 1;
    });
    const ours = valueAndGrad(lovaszSoftmax)(
      values,
      map.map((c, i) => (i % 6 === 5 ? -1 : c)),
      { shape, ignore: -1 },
    );
    const hot = await losses.lovaszSoftmax()((x: jax.Array) => x, array(values, shape), array(rows, shape));
    expect(hot.value).toBe(ours.value);
    expectClose(await numbers(hot.grads), ours.grad);
    const whole = valueAndGrad(lovaszSoftmax)(values, map, { shape });
    const indexed = await losses.lovaszSoftmax()((x: jax.Array) => x, array(values, shape), np.array(map, { shape: [2, 4, 5] }));
    expect(indexed.value).toBe(whole.value);
    indexed.grads.dispose();
  });

  test.each([
    ["lovaszHinge", lovaszHinge],
    ["lovaszSigmoid", lovaszSigmoid],
  ] as const)("%s of [B, H, W], void pixels too, is our own", async (name, ours) => {
    const labels = map.map((c) => (c === 2 ? 255 : c));
    const x = values.slice(0, 40);
    const expected = valueAndGrad(ours)(x, labels, { shape: [2, 4, 5], ignore: 255 });
    const { value, grads } = await losses[name]({ ignore: 255 })((p: jax.Array) => p, array(x, [2, 4, 5]), labels);
    expect(value).toBe(expected.value);
    expectClose(await numbers(grads), expected.grad);
  });

  test("grads is shaped like params, agrees with finite differences, and every reference is accounted for", async () => {
    const x = array(normals(24, 3), [8, 3]);
    const labels = new Uint8Array([1, 0, 0, 1, 0, 1, 1, 0]);
    const params = { hidden: { w: array(normals(6, 4), [3, 2]), b: array(normals(2, 5), [2]) }, last: [array(normals(2, 6), [2, 1])] };
    type Params = typeof params;
    const model = ({ hidden, last }: Params) => np.matmul(np.tanh(np.matmul(x.ref, hidden.w).add(hidden.b)), last[0]);
    const loss = losses.lovaszHinge();

    const before = memory();
    const { value, grads } = await loss(model, tree.ref(params), labels);
    expect(value).toBeGreaterThan(0);
    expect(tree.structure(grads).equals(tree.structure(params))).toBe(true);
    expect(memory()).toEqual(before);
    expect(x.refCount).toBe(1);
    for (const leaf of [...tree.leaves<jax.Array>(params), ...tree.leaves<jax.Array>(grads)]) expect(leaf.refCount).toBe(1);

    const step = 2 ** -9;
    const w = params.hidden.w;
    const at = await numbers(w.ref);
    const differences: number[] = [];
    for (let i = 0; i < at.length; i++) {
      const [up, down] = await Promise.all(
        [step, -step].map(async (by) => {
          const moved = Float32Array.from(at, (v, k) => (k === i ? v + by : v));
          const hidden = { w: array(moved, [3, 2]), b: params.hidden.b.ref };
          const result = await loss(model, { hidden, last: tree.ref(params.last) }, labels);
          tree.dispose(result.grads);
          return result.value;
        }),
      );
      differences.push((up - down) / (2 * step));
    }
    expectClose(await numbers(grads.hidden.w.ref), differences, { absolute: 2e-3, relative: 2e-3 });
    tree.dispose(grads);
    tree.dispose(params);
    expect(x.refCount).toBe(1);
    x.dispose();
  });

  test("descends", async () => {
    const features = normals(192, 7);
    const x = array(features, [64, 3]);
    const labels = Uint8Array.from({ length: 64 }, (_, i) => Number(features[3 * i] > 0));
    const loss = losses.lovaszHinge();
    const model = (w: jax.Array) => np.matmul(x.ref, w);
    let w = array(new Float32Array(3), [3, 1]);
    const seen: number[] = [];
    for (let i = 0; i < 40; i++) {
      const { value, grads } = await loss(model, w.ref, labels);
      w = w.sub(grads.mul(0.5));
      seen.push(value);
    }
    expect(seen[39]).toBeLessThan(0.5 * seen[0]);
    expect([x.refCount, w.refCount]).toEqual([1, 1]);
    tree.dispose([x, w]);
  });

  test("a refused call consumes what it was handed, and no more", async () => {
    const x = array(normals(24, 3), [8, 3]);
    const w = array(normals(3, 4), [3, 1]);
    const labels = np.array(new Int32Array(8));
    const model = (p: jax.Array) => np.matmul(x.ref, p);
    const loss = losses.lovaszHinge();
    const kept = () => expect([x.refCount, w.refCount, labels.refCount]).toEqual([1, 1, 1]);

    const label = await refusal(loss(model, w.ref, [0, 1, 2, 0, 0, 0, 0, 0]));
    expect(label.code).toBe("label");
    expect(label.message).toMatch(/labels\[2\] is 2, expected 0 or 1/);
    kept();
    const turned = await refusal(loss(model, w.ref, labels.ref.reshape([2, 4])));
    expect(turned.message).toMatch(/labels has shape \[2, 4\], expected \[8, 1\] for the output of the model of shape \[8, 1\]/);
    kept();
    const whole = await refusal(loss((p: jax.Array) => ({ logits: model(p) }), w.ref, labels.ref));
    expect(whole.message).toMatch(/model\(params\) returned .*, expected one array of float32/);
    kept();
    const none = await refusal(loss(5 as never, w.ref, labels.ref));
    expect(none.message).toMatch(/model is 5, expected a function of params/);
    kept();
    tree.dispose([x, w, labels]);
  });
});

test("what jax.vjp keeps for the way back is released once, whether the call succeeds or not", async () => {
  // no reference count shows these: they are arrays of jax-js's own
  const counts = { made: 0, released: 0 };
  const vjp: typeof jax.vjp = (...args) => {
    const result = jax.vjp(...args);
    const { dispose } = result[1];
    counts.made += 1;
    result[1].dispose = () => {
      counts.released += 1;
      dispose();
    };
    return result;
  };
  const loss = jaxLosses({ ...jax, vjp }).lovaszHinge();
  const { grads } = await loss((x: jax.Array) => np.tanh(x), array(normals(4), [4]), [0, 1, 0, 1]);
  grads.dispose();
  expect(counts).toEqual({ made: 1, released: 1 });
  await refusal(loss((x: jax.Array) => np.tanh(x), array(normals(4), [4]), [0, 1, 0, 2]));
  await refusal(loss((x: jax.Array) => [np.tanh(x)], array(normals(4), [4]), [0, 1, 0, 1]));
  expect(counts).toEqual({ made: 3, released: 3 });
});

test("anything but the module is refused", () => {
  expectError(
    () => jaxLosses(jax.numpy as never),
    "option",
    /jaxLosses\(jax\): jax is an object without vjp\(\), expected the module itself/,
  );
  expectError(() => jaxLosses(undefined as never), "option", /jax is undefined/);
});

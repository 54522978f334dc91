// The networks are the same as those that docs/networks.md has in PyTorch: where that is installed it computes them here, and everywhere some
// of its numbers are those in networks.json, which UPDATE_NETWORKS=1 npx vitest run test/nn/networks.test.ts writes anew.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { nn, type Tensor, tensor } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { askPython, pythonOf, pythonWith } from "../helpers/python.js";
import { normals } from "../helpers/random.js";

interface Case {
  network: "UNet" | "FastSCNN";
  options: Record<string, unknown>;
  size: readonly [batch: number, height: number, width: number];
  train?: boolean;
}

interface Answer {
  shape: number[];
  logits: number[];
  input: number[];
  gradients: Record<string, number[]>;
  after: Record<string, number[]>;
}

const cases: readonly Case[] = [
  { network: "UNet", options: {}, size: [2, 16, 20] },
  { network: "UNet", options: { norm: "group", upsample: "bilinear", outChannels: 3 }, size: [1, 21, 18] },
  { network: "UNet", options: { norm: "batch", upsample: "transposed", levels: 2, inChannels: 1, width: 6 }, size: [2, 9, 7] },
  { network: "UNet", options: { norm: "batch", width: 4 }, size: [1, 8, 12], train: false },
  { network: "UNet", options: { norm: "group", levels: 4, width: 4 }, size: [1, 1, 30] },
  { network: "UNet", options: { levels: 1, outChannels: 2 }, size: [1, 5, 5] },
  { network: "FastSCNN", options: { width: 4, outChannels: 3 }, size: [2, 128, 70] },
  { network: "FastSCNN", options: { width: 5 }, size: [3, 100, 200] },
  { network: "FastSCNN", options: { width: 4, inChannels: 1 }, size: [1, 33, 97], train: false },
];

const nameOf = ({ network, options, size, train = true }: Case) => `${network} ${JSON.stringify(options)} ${size} ${train ? "" : "eval"}`;

const python = pythonWith(["torch"], "the networks in PyTorch itself, whose stored numbers are used");

// numbers of a case, all of them only where PyTorch is
function ours({ network, options, size: [batch, height, width], train = true }: Case) {
  const built = network === "UNet" ? new nn.UNet({ seed: 3, ...options }) : new nn.FastSCNN({ seed: 3, ...options });
  // running statistics as after some training
  for (const [i, [name, values]] of Object.entries([...built.named()])) {
    if (name.endsWith("running_mean")) values.data.set(normals(values.size, Number(i)).map((x) => 0.1 * x));
    if (name.endsWith("running_var")) values.data.set(normals(values.size, Number(i)).map((x) => 1 + x * x));
  }
  built.train(train);
  const state = built.stateDict();
  const shape = [batch, Number(options.inChannels ?? 3), height, width];
  const input = tensor(normals(batch * shape[1] * height * width, 5), shape, { requiresGrad: true });
  const logits = built.forward(input);
  const upstream = tensor(normals(logits.size, 6), logits.shape);
  logits.backward(upstream);
  return { built, state, input, logits, upstream };
}

function theirs(one: Case, { state, input, upstream }: ReturnType<typeof ours>): Answer {
  const plain = ({ shape, data }: { shape: readonly number[]; data: Float32Array }) => ({ shape, data: [...data] });
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const request = {
    code: pythonOf("docs/networks.md").join("\n"),
    network: one.network,
    arguments: Object.fromEntries(Object.entries(one.options).map(([name, value]) => [snake(name), value])),
    state: Object.fromEntries(Object.entries(state).map(([name, entry]) => [name, plain(entry)])),
    input: plain(input),
    upstream: plain(upstream),
    train: one.train ?? true,
  };
  return askPython(python as string, new URL("networks.py", import.meta.url), request) as Answer;
}

// within `share` of the largest
function expectNear(came: ArrayLike<number>, expected: ArrayLike<number>, share: number, what: string): void {
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  expectClose(came, expected, { absolute: share * largest }, what);
}

// some of the logits, and the root of the sum of squares of each gradient
interface Stored {
  logits: number[];
  norms: Record<string, number>;
}

const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
const some = (values: ArrayLike<number>) => Array.from(values).filter((_, i) => i % Math.ceil(values.length / 12) === 0);
const file = new URL("networks.json", import.meta.url);
const stored: Record<string, Stored> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const isUpdate = process.env.UPDATE_NETWORKS === "1";

describe("networks", () => {
  test.each(cases.map((one) => [nameOf(one), one] as const))("%s is that of PyTorch", (name, one) => {
    const mine = ours(one);
    const { built, logits, input, upstream } = mine;
    const gradients = Object.fromEntries(
      [...built.named()].filter(([, , isBuffer]) => !isBuffer).map(([key, { grad }]) => [key, grad as Tensor]),
    );
    if (python) {
      const answer = theirs(one, mine);
      expect(logits.shape).toEqual(answer.shape);
      expectNear(logits.data, answer.logits, 1e-5, "logits");
      expectNear(input.grad?.data ?? [], answer.input, 1e-4, "gradient of the input");
      expect(Object.keys(gradients).sort()).toEqual(Object.keys(answer.gradients).sort());
      const most = Math.max(...Object.values(answer.gradients).map((all) => Math.max(...all.map(Math.abs))));
      for (const [key, expected] of Object.entries(answer.gradients)) {
        expectClose(gradients[key].data, expected, { absolute: 1e-4 * most }, key);
      }
      const after = built.stateDict();
      for (const [key, expected] of Object.entries(answer.after)) expectNear(after[key].data, expected, 1e-5, key);
      const norms = Object.fromEntries(Object.entries(answer.gradients).map(([key, values]) => [key, norm(values)]));
      if (isUpdate) stored[name] = { logits: some(answer.logits), norms };
    }
    expectNear(some(logits.data), stored[name].logits, 1e-5, "logits");
    const largest = Math.max(...Object.values(stored[name].norms));
    for (const [key, expected] of Object.entries(stored[name].norms)) {
      expectClose([norm(gradients[key].data)], [expected], { absolute: 1e-4 * largest }, `gradient of ${key}`);
    }
    for (const made of [input, logits, upstream]) made.dispose();
    built.dispose();
  });

  if (isUpdate)
    test("stores the numbers", () =>
      writeFileSync(file, `${JSON.stringify(stored, (_, value) => (typeof value === "number" ? Number(value.toPrecision(8)) : value))}\n`));
});

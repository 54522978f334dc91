import { afterAll, beforeAll, expect, test } from "vitest";
import { type Device, LovaszError, lovaszHinge, openDevice, tensor, valueAndGrad } from "../../../src/index.js";
import { WORKER } from "../../helpers/worker.js";
import { conformance } from "../conformance.js";

const open = () => openDevice("threads", { worker: WORKER, workers: 2, least: 0 });

conformance("the threads device, every call spread over two workers", open);

let device: Device;
beforeAll(async () => {
  device = await open();
});
afterAll(() => device.close());

const logits = Float32Array.of(1, -1, 2, 0);
const labels = [0, 1, 1, 0];

test.each([
  ["input that is null", null, {}],
  ["input that is undefined", undefined, {}],
  ["input that is a number", 3, {}],
  ["options in a Map", logits, new Map([["perImage", true]])],
  ["options that are an array", logits, [2, 2]],
  ["options that are a function", logits, () => ({})],
])("the threads device refuses %s as the loss itself does", async (_, input, options) => {
  const call = valueAndGrad(lovaszHinge) as (...all: unknown[]) => unknown;
  const error = await device.valueAndGrad(lovaszHinge, input as never, labels, options as never).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LovaszError);
  expect(() => call(input, labels, options)).toThrow((error as LovaszError).message);
});

test.each<[string, unknown[]]>([
  ["a hole", Object.assign(new Array(4), { 0: 0, 2: 1, 3: 0 })],
  ["a BigInt", [0, 1n, 1, 0]],
  ["a symbol", [0, Symbol("s"), 1, 0]],
  ["a string", [0, "1", 1, 0]],
  ["a fraction", [0, 0.5, 1, 0]],
])("the threads device refuses labels with %s as the loss itself does", async (_, wrong) => {
  const pending = device.valueAndGrad(lovaszHinge, logits, wrong as number[]);
  await expect(pending).rejects.toMatchObject({ code: "label", message: expect.stringMatching(/^lovaszHinge: labels\[1\] is /) });
});

test("the threads device refuses options in a Map for a loss in the graph, too", async () => {
  const x = tensor(logits);
  const pending = device.loss(lovaszHinge, x, labels, new Map([["perImage", true]]) as object);
  await expect(pending).rejects.toThrow(/lovaszHinge: options is a value of type Map/);
  x.dispose();
});

test("the threads device takes null for no options, as valueAndGrad does", async () => {
  const call = valueAndGrad(lovaszHinge) as (...all: unknown[]) => unknown;
  expect(await device.valueAndGrad(lovaszHinge, logits, labels, null as never)).toEqual(call(logits, labels, null));
});

import { expect, test } from "vitest";
import { sourcesOf } from "../../src/model/source.js";
import { noiseSample } from "./helpers/samples.js";

test("samples in memory are checked at once, others when they are read", async () => {
  const { picture, labels } = noiseSample(3, 2);
  const [held, read] = sourcesOf("call", "samples", [{ picture, labels }, () => ({ picture, labels: [0, 1, 0, 1, 0, 256] })]);
  expect(await held()).toEqual({ picture, labels });
  await expect(read()).rejects.toThrow("call: samples[1]().labels[5] is 256, expected a class from 0 to 254, or 255 for an ignored pixel");
  expect(() => sourcesOf("call", "samples", [{ picture, labels: [] }])).toThrow("call: samples[0].labels has 0 entries, expected 6");
});

test("labels that are a view which dies later are copied", async () => {
  const { picture } = noiseSample(3, 2);
  const labels = Float32Array.of(0, 1, 2, 3, 4, 255);
  const [held] = sourcesOf("call", "samples", [{ picture, labels }]);
  labels.fill(9);
  expect([...(await held()).labels]).toEqual([0, 1, 2, 3, 4, 255]);
});

test("a picture brighter than its white is refused", () => {
  const picture = { data: Uint16Array.of(9, 4096, 3, 4, 5, 6), width: 3, height: 2, channels: 1, white: 4095 };
  const said = "call: samples[0].picture.data[1] is 4096, expected at most white, 4095";
  expect(() => sourcesOf("call", "samples", [{ picture, labels: new Uint8Array(6) }])).toThrow(said);
});

import { expect, test } from "vitest";
import { fingerprint } from "../../../src/cli/run/fingerprint.js";
import { noisePicture } from "../helpers/samples.js";

test("fingerprint tells other pictures, other labels and another order apart", () => {
  const [one, two] = [noisePicture(8, 8, 1), noisePicture(8, 8, 2)];
  const data = { training: [one, two], validation: [noisePicture(8, 8, 3)] };
  const all = [
    data,
    { ...data, training: [two, one] },
    { ...data, training: [one] },
    { training: [one], validation: [two, ...data.validation] },
    { ...data, training: [one, { ...two, name: "other" }] },
    { ...data, training: [one, { ...two, width: 9 }] },
    { ...data, training: [one, { ...two, counts: [1, 63] }] },
    { ...data, training: [one, { ...two, ignored: 1 }] },
  ].map(fingerprint);
  expect(new Set(all).size).toBe(all.length);
  expect(fingerprint({ ...data, training: [{ ...one }, two] })).toBe(all[0]);
});

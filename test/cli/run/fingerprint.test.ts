import { expect, test } from "vitest";
import type { Picture } from "../../../src/cli/data/picture.js";
import { fingerprint } from "../../../src/cli/run/fingerprint.js";
import { noisePicture } from "../helpers/samples.js";

const changed = (picture: Picture, change: "rgb" | "labels"): Picture => ({
  ...picture,
  read: async () => {
    const sample = await picture.read();
    const values = sample[change].slice();
    values[values.length - 1] ^= 1;
    return { ...sample, [change]: values };
  },
});

test("fingerprint tells other pictures, other labels and another order apart", async () => {
  const [one, two] = [noisePicture(8, 8, 1), noisePicture(8, 8, 2)];
  const data = { training: [one, two], validation: [noisePicture(8, 8, 3)] };
  const all = await Promise.all(
    [
      data,
      { ...data, training: [two, one] },
      { ...data, training: [one] },
      { training: [one], validation: [two, ...data.validation] },
      { ...data, training: [one, { ...two, name: "other" }] },
      { ...data, training: [one, { ...two, width: 9 }] },
      { ...data, training: [one, changed(two, "rgb")] },
      { ...data, training: [one, changed(two, "labels")] },
    ].map(fingerprint),
  );
  expect(new Set(all).size).toBe(all.length);
  expect(await fingerprint({ ...data, training: [{ ...one }, two] })).toBe(all[0]);
});

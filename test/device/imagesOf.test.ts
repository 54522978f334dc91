import { expect, test } from "vitest";
import type { Loss } from "../../src/device/device.js";
import { imagesOf } from "../../src/device/imagesOf.js";
import { crossEntropy, dice, lovaszHinge, lovaszSoftmax } from "../../src/index.js";

test.each<[string, unknown, number[], object, number, boolean]>([
  ["lovaszHinge, each image by itself", lovaszHinge, [4, 6], {}, 4, true],
  ["lovaszHinge, all together", lovaszHinge, [4, 6], { perImage: false }, 4, false],
  ["lovaszHinge of one flat image", lovaszHinge, [24], {}, 1, false],
  ["lovaszHinge of a single image", lovaszHinge, [1, 24], {}, 1, false],
  ["dice, all together", dice, [4, 6], {}, 4, false],
  ["dice, each image by itself", dice, [4, 6], { perImage: true }, 4, true],
  ["rows of [P, C]", lovaszSoftmax, [8, 3], { perImage: true }, 1, false],
  ["rows of [P, C] of cross-entropy", crossEntropy, [8, 3], { perImage: true }, 1, false],
  ["images with classes", crossEntropy, [2, 3, 4], { perImage: true }, 2, true],
  ["rows of [P, C] by mode", dice, [8, 3], { perImage: true, mode: "multilabel" }, 1, false],
])("%s", (_, loss, shape, options, images, perImage) => {
  expect(imagesOf(loss as Loss, shape, options)).toEqual({ images, perImage });
});

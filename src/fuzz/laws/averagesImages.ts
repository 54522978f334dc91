import { ask } from "../ask.js";
import { extentsOf, isPerImage } from "../lossCase.js";
import { expectNear, expectSameSubgradient, type Law, rearranged, slackOf, sourceOffsets } from "./law.js";

/**
 * With `perImage` the loss of a batch is the mean of the losses of its images, where an image whose pixels are all ignored has
 * loss 0. Without it, it is the loss of all pixels as one image. That is the definition of the published code.
 */
export const averagesImages: Law = async (loss, example) => {
  const { images, classes, pixels } = extentsOf(example);
  if (images === 1) return;
  const whole = await ask(loss, example);
  const all = Array.from(example.labels, (_, i) => i);
  const groups = isPerImage(example) ? Array.from({ length: images }, (_, b) => all.slice(b * pixels, (b + 1) * pixels)) : [all];
  let expected = 0;
  const joined = new Float64Array(whole.grad.length);
  for (const group of groups) {
    const { value, grad } = await ask(loss, rearranged(example, group, 1));
    expected += value / groups.length;
    sourceOffsets(group, 1, classes, pixels).forEach((offset, i) => {
      joined[offset] = grad[i] / groups.length;
    });
  }
  const why = groups.length > 1 ? "the loss of a batch is the mean loss of its images" : "the loss is that of one image of all pixels";
  expectNear(whole.value, expected, 2 * slackOf(example), "value", why);
  expectSameSubgradient(example, whole.grad, joined, "the gradient is that of the images, or another subgradient");
};

import { ask } from "../ask.js";
import { extentsOf, isPerImage } from "../lossCase.js";
import { expectNear, expectSameSubgradient, type Law, places, rearranged, slackOf } from "./law.js";

/**
 * With `perImage` the loss of a batch is the mean of the losses of its images, of which one without pixels that count is 0;
 * without it, that of one image of all the pixels. By definition, as in the published code.
 */
export const averagesImages: Law = async (loss, example) => {
  const { images, classes, pixels } = extentsOf(example);
  if (images === 1) return;
  const whole = await ask(loss, example);
  const all = Array.from(example.labels, (_, i) => i);
  const parts = isPerImage(example) ? Array.from({ length: images }, (_, b) => all.slice(b * pixels, (b + 1) * pixels)) : [all];
  let expected = 0;
  const joined = new Float64Array(whole.grad.length);
  for (const part of parts) {
    const { value, grad } = await ask(loss, rearranged(example, part, 1));
    expected += value / parts.length;
    places(part, 1, classes, pixels).forEach((place, i) => {
      joined[place] = grad[i] / parts.length;
    });
  }
  const why = parts.length > 1 ? "the loss of a batch is the mean of those of its images" : "the loss is that of one image of all pixels";
  expectNear(whole.value, expected, 2 * slackOf(example), "value", why);
  expectSameSubgradient(example, whole.grad, joined, "the gradient is that of the images, or another subgradient");
};

import { ask } from "../ask.js";
import { extentsOf, isPerImage } from "../lossCase.js";
import { expectNear, expectSubgradient, type Law, rearranged, slackOf } from "./law.js";

/**
 * With `perImage` the loss of a batch is the mean of the losses of its images, of which one without pixels that count is 0;
 * without it, that of one image of all the pixels. By definition, as in the published code.
 */
export const averagesImages: Law = async (loss, example) => {
  const { images, pixels } = extentsOf(example);
  if (images === 1) return;
  const whole = await ask(loss, example);
  const all = Array.from(example.labels, (_, i) => i);
  const parts = isPerImage(example) ? Array.from({ length: images }, (_, b) => all.slice(b * pixels, (b + 1) * pixels)) : [all];
  let expected = 0;
  for (const part of parts) expected += (await ask(loss, rearranged(example, part, 1))).value / parts.length;
  const why = parts.length > 1 ? "the loss of a batch is the mean of those of its images" : "the loss is that of one image of all pixels";
  expectNear(whole.value, expected, 2 * slackOf(example), "value", why);
  expectSubgradient(example, whole.grad);
};

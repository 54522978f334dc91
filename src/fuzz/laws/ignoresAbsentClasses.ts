import { ask } from "../ask.js";
import { classesOf, extentsOf } from "../lossCase.js";
import { rowsOf } from "../reference/softmax.js";
import { appliesTo, expectNear, expectSameSubgradient, type Law, slackOf, withValues } from "./law.js";

/**
 * Softmax, of probabilities or logits, where the loss averages the classes that are present: one more class, which no pixel has and whose
 * probabilities are all 0, changes nothing and has no gradient. A logit 1000 below the others has a probability of 0 in float64, too. The mean is over the classes of pixels that are not ignored, and their errors stay the same.
 */
export const ignoresAbsentClasses: Law = async (loss, example) => {
  appliesTo("ignoresAbsentClasses", example, ["softmax", "softmax-logits"]);
  const { images, classes, pixels } = extentsOf(example);
  const { ignore, shape } = example.options;
  if (classesOf(example) !== "present" || ignore === classes) return;
  const plane = classes * pixels;
  const values = new Float32Array(images * (classes + 1) * pixels);
  for (let b = 0; b < images; b++) values.set(example.values.subarray(b * plane, (b + 1) * plane), b * (plane + pixels));
  if (example.kind === "softmax-logits") {
    rowsOf(example).forEach((row, i) => {
      const greatest = Math.max(...row.map((at) => example.values[at]));
      const at = Math.floor(i / pixels) * (plane + pixels) + plane + (i % pixels);
      values[at] = Math.min(0, 2 * greatest) - 1000;
    });
  }
  const options = { ...example.options, shape: [images, classes + 1, ...shape.slice(2)] };
  const more = withValues({ ...example, options }, values);
  const [first, second] = [await ask(loss, example), await ask(loss, more)];
  const why = "classes without a pixel do not count";
  expectNear(second.value, first.value, 2 * slackOf(example), "value with one more class", why);
  const old = (at: number) => Math.floor(at / (plane + pixels)) * plane + (at % (plane + pixels));
  const isNew = (at: number) => at % (plane + pixels) >= plane;
  const expected = second.grad.map((_, at) => (isNew(at) ? 0 : first.grad[old(at)]));
  expectSameSubgradient(more, second.grad, expected, "the gradient of the other classes is the same, or another subgradient");
};

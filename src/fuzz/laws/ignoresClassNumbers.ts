import { ask } from "../ask.js";
import { shuffled } from "../draw/random.js";
import { counts, extentsOf, type LossCase } from "../lossCase.js";
import { appliesTo, expectNear, expectSameSubgradient, type Law, randomOf, slackOf } from "./law.js";

/**
 * Softmax, of probabilities or logits: which number a class has does not matter; with channels and labels renumbered alike the value is the same, and
 * the gradient moves with the channels. The loss is a mean over classes, which has no order.
 */
export const ignoresClassNumbers: Law = async (loss, example) => {
  appliesTo("ignoresClassNumbers", example, ["softmax", "softmax-logits"]);
  const { classes, pixels } = extentsOf(example);
  const { ignore, classes: which } = example.options;
  // a class that is ignored, or listed by number, has to keep its number
  if ((ignore !== undefined && ignore >= 0 && ignore < classes) || typeof which === "object") return;
  const number = shuffled(randomOf(example), classes);
  const moved = (at: number) => at + (number[Math.floor(at / pixels) % classes] - (Math.floor(at / pixels) % classes)) * pixels;
  const values = new Float32Array(example.values.length);
  example.values.forEach((value, at) => {
    values[moved(at)] = value;
  });
  const renumbered: LossCase = {
    ...example,
    values,
    labels: example.labels.map((label, i) => (counts(example, i) ? number[label] : label)),
  };
  const [first, second] = [await ask(loss, example), await ask(loss, renumbered)];
  const why = "the numbers of classes do not matter";
  expectNear(second.value, first.value, 2 * slackOf(example), "value with classes renumbered", why);
  const back = first.grad.map((_, at) => second.grad[moved(at)]);
  expectSameSubgradient(example, back, first.grad, "the gradient moves with the classes, or is another subgradient");
};

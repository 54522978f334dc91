import { ask } from "../ask.js";
import { classOf, type LossCase, pixelOf } from "../lossCase.js";
import { numberRounding } from "../reference/rounding.js";
import { appliesTo, expectNear, type Law, randomOf, sizeOf, slackOf, withValues } from "./law.js";

/**
 * Hinge and softmax: if all errors are multiplied by t, so is the loss. The extension is positively homogeneous (Bach 2013, proposition
 * 3.1), as is the hinge; the errors of t p + (1 - t) [label] are t times those of p.
 */
export const isHomogeneous: Law = async (loss, example) => {
  appliesTo("isHomogeneous", example, ["hinge", "softmax"]);
  const t = 0.1 + 0.8 * randomOf(example)();
  const less = nearer(example, t);
  const [whole, scaled] = [await ask(loss, example), await ask(loss, less)];
  const slack = slackOf(example) + slackOf(less) + numberRounding(example) * (1 + sizeOf(example));
  expectNear(
    scaled.value,
    t * whole.value,
    slack,
    `after scaling all errors by ${t}, the value`,
    "the loss grows in proportion to the errors",
  );
};

function nearer(example: LossCase, t: number): LossCase {
  const { kind, labels } = example;
  return withValues(
    example,
    example.values.map((value, at) => {
      if (kind === "hinge") {
        const sign = 2 * labels[at] - 1;
        return labels[at] === example.options.ignore ? value : sign * (1 - t * (1 - sign * value));
      }
      const label = labels[pixelOf(example, at)];
      return label === example.options.ignore ? value : t * value + (1 - t) * Number(classOf(example, at) === label);
    }),
  );
}

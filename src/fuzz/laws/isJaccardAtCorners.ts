import { ask } from "../ask.js";
import { between, chance } from "../draw/random.js";
import { classOf, extentsOf, hasClasses, LOVASZ, type LossCase, pixelOf } from "../lossCase.js";
import { chosenClasses, groupsOf } from "../reference/terms.js";
import { appliesTo, expectNear, type Law, randomOf, slackOf, withValues } from "./law.js";

/**
 * Where every error is 0 or 1 the loss is 1 - intersection over union: an extension equals its set function at indicator
 * vectors (Lovász 1983; Bach 2013, proposition 3.1). Only the labels and options of the case are used.
 */
export const isJaccardAtCorners: Law = async (loss, example) => {
  appliesTo("isJaccardAtCorners", example, LOVASZ);
  const { classes } = extentsOf(example);
  const random = randomOf(example);
  const share = random();
  const count = Math.max(classes, 2);
  const predicted = example.labels.map((label) =>
    chance(random, share) && label >= 0 && label < count ? label : between(random, 0, count - 1),
  );
  const corner = cornerOf(example, predicted);
  const { value } = await ask(loss, corner);
  const why = "with errors of 0 and 1 the loss is 1 - intersection over union";
  expectNear(value, oneMinusIoU(corner, predicted), slackOf(corner), "value", why);
};

// values with an error of 0 where `predicted` is the label, and of 1 elsewhere
function cornerOf(example: LossCase, predicted: Int32Array): LossCase {
  const { kind, labels } = example;
  return withValues(
    example,
    example.values.map((_, at) => {
      const isPredicted = predicted[pixelOf(example, at)] === classOf(example, at);
      if (kind === "softmax") return Number(isPredicted);
      if (kind === "softmax-logits") return isPredicted ? 100 : -100;
      if (kind === "sigmoid") return predicted[at] === 1 ? 40 : -40;
      return predicted[at] === labels[at] ? 2 * (2 * labels[at] - 1) : 0;
    }),
  );
}

function oneMinusIoU(example: LossCase, predicted: Int32Array): number {
  const { classes } = extentsOf(example);
  const { kind, labels } = example;
  const groups = groupsOf(example);
  const losses = groups.map((group) => {
    const chosen = hasClasses(kind) ? chosenClasses(example, group, classes) : [1];
    const perClass = chosen.map((c) => {
      const union = group.filter((i) => labels[i] === c || predicted[i] === c).length;
      const intersection = group.filter((i) => labels[i] === c && predicted[i] === c).length;
      return union === 0 ? 0 : 1 - intersection / union;
    });
    return perClass.reduce((a, b) => a + b, 0) / Math.max(1, chosen.length);
  });
  return losses.reduce((a, b) => a + b, 0) / groups.length;
}

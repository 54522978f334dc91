import { ask } from "../ask.js";
import { extentsOf, hasClasses } from "../lossCase.js";
import { expectNear, expectSameSubgradient, type Law, slackOf } from "./law.js";

/**
 * Shapes [B, N], [B, D, H, W] (with classes: [B, C, N], [B, C, D, H, W]) and, for one image of a binary kind, [N] give the same
 * result as [B, H, W]. A correct loss may break it by accepting images only. The losses of this package keep it.
 */
export const takesAnyRank: Law = async (loss, example) => {
  const { images, classes, pixels } = extentsOf(example);
  const first = await ask(loss, example);
  const axes = hasClasses(example.kind) ? [images, classes] : [images];
  const shapes = [
    [...axes, pixels],
    [...axes, 1, pixels, 1],
  ];
  if (images === 1 && !hasClasses(example.kind)) shapes.push([pixels]);
  for (const shape of shapes) {
    const { value, grad } = await ask(loss, { ...example, options: { ...example.options, shape } });
    expectNear(value, first.value, 2 * slackOf(example), `value with shape [${shape.join(", ")}]`, "the shape holds the same pixels");
    expectSameSubgradient(example, grad, first.grad, "the gradient is the same, or another subgradient");
  }
};

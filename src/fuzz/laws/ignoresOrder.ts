import { ask } from "../ask.js";
import { shuffled } from "../draw/random.js";
import { extentsOf } from "../lossCase.js";
import { expectNear, expectSameSubgradient, type Law, randomOf, rearranged, slackOf, sourceOffsets } from "./law.js";

/**
 * The order of the pixels of an image, and of the images, does not matter to the value, and the gradient moves with the
 * pixels: the Jaccard loss is a function of sets, which have no order.
 */
export const ignoresOrder: Law = async (loss, example) => {
  const random = randomOf(example);
  const { images, classes, pixels } = extentsOf(example);
  const from = shuffled(random, images).flatMap((image) => shuffled(random, pixels).map((pixel) => image * pixels + pixel));
  const [first, moved] = [await ask(loss, example), await ask(loss, rearranged(example, from, images))];
  expectNear(moved.value, first.value, 2 * slackOf(example), "value of the same pixels in another order", "order does not matter");
  const back = new Float64Array(first.grad.length);
  sourceOffsets(from, images, classes, pixels).forEach((offset, i) => {
    back[offset] = moved.grad[i];
  });
  expectSameSubgradient(example, back, first.grad, "the gradient moves with the pixels, or is another subgradient");
};

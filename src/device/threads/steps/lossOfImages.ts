import { BATCH } from "../../../losses/batch.js";
import { valueAndGrad } from "../../../losses/valueAndGrad.js";
import { lossNamed } from "../losses.js";
import type { LossTask, Outcome } from "../protocol.js";

/** The loss of some images, or of some classes. Throws what the loss throws. */
export function lossOfImages({ loss, input, labels, options, factor, images, into }: LossTask): Outcome {
  const shares: number[] = [];
  const batch = images === null ? {} : { [BATCH]: { images, shares } };
  const own = { ...options, ...batch, ...(into && { out: into }) };
  const { value, grad } = valueAndGrad<ArrayLike<number>>(lossNamed(loss))(input, labels, own);
  if (factor !== 1) for (let i = 0; i < grad.length; i++) grad[i] *= factor;
  return { value: value * factor, array: into ? null : grad, shares };
}

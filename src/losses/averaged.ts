import { mean } from "../ops/mean.js";
import { type Axes, sum } from "../ops/sum.js";
import type { Tensor } from "../tensor/tensor.js";

/** The mean of losses over `axis`; that axis is removed. It is 0 where there are no losses, as for data without pixels. */
export function averaged(losses: Tensor, axis?: Axes): Tensor {
  return losses.size === 0 ? sum(losses, axis) : mean(losses, axis);
}

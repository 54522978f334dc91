import { mean } from "../ops/mean.js";
import { type Axes, sum } from "../ops/sum.js";
import type { Tensor } from "../tensor/tensor.js";

/** The mean of losses over `axis`, which goes; 0 where there are none, as of data without pixels. */
export function averaged(losses: Tensor, axis?: Axes): Tensor {
  return losses.size === 0 ? sum(losses, axis) : mean(losses, axis);
}

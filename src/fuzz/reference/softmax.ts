import { extentsOf, type LossCase } from "../lossCase.js";
import { probabilityRounding } from "./rounding.js";

/** For each logit of `example`, [B, C, H, W]: its probability in float64, and by which share of it a correct loss may be off. */
export interface Softmax {
  probabilities: Float64Array;
  rounding: Float64Array;
}

/** softmax(values) over the classes of each pixel of `example`. */
export function softmaxOf(example: LossCase): Softmax {
  const { values } = example;
  const { classes } = extentsOf(example);
  const [probabilities, rounding] = [new Float64Array(values.length), new Float64Array(values.length)];
  for (const row of rowsOf(example)) {
    const greatest = row.reduce((most, at) => Math.max(most, values[at]), Number.NEGATIVE_INFINITY);
    const sum = row.reduce((total, at) => total + Math.exp(values[at] - greatest), 0);
    for (const at of row) {
      probabilities[at] = Math.exp(values[at] - greatest) / sum;
      rounding[at] = probabilityRounding(example, greatest, Math.log(sum), classes);
    }
  }
  return { probabilities, rounding };
}

/** The offsets of the values of each pixel, one for each class. */
export function rowsOf(example: LossCase): number[][] {
  const { classes, pixels } = extentsOf(example);
  return Array.from(example.labels, (_, i) => {
    const first = Math.floor(i / pixels) * classes * pixels + (i % pixels);
    return Array.from({ length: classes }, (_, c) => first + c * pixels);
  });
}

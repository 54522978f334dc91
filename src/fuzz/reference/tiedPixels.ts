import type { Numerics } from "../lossCase.js";
import { byError } from "./extension.js";
import { errorRounding } from "./rounding.js";

/** The pixels by descending errors, in groups: errors of one group may tie, as each is within rounding of the next. */
export function* tiedPixels(how: Numerics, errors: Float64Array): Generator<number[]> {
  const order = byError(errors);
  for (let start = 0, end = 1; start < order.length; start = end++) {
    while (end < order.length && errors[order[end - 1]] - errors[order[end]] <= errorRounding(how, errors[order[end - 1]])) end++;
    yield order.slice(start, end);
  }
}

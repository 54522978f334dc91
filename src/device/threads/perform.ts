// What a worker does with a task.
import { PART } from "../../losses/part.js";
import { valueAndGrad } from "../../losses/valueAndGrad.js";
import { sort } from "../inPlace.js";
import { binCounts, binErrors, binSlopes } from "./binned.js";
import { lossNamed } from "./losses.js";
import type { LossTask, Outcome, SortTask, Task } from "./protocol.js";
import { softmaxBack, softmaxClasses, softmaxPixels } from "./softmax.js";

/** Does `task`, and tells `report` of its pieces, where it has some. Throws what the loss throws. */
export function perform(task: Task, report: (piece: number) => void): Outcome {
  switch (task.kind) {
    case "loss":
      return lossOfImages(task);
    case "sort":
      return outcome(sortRange(task));
    case "softmaxPixels":
      softmaxPixels(task);
      return outcome(null);
    case "softmaxClasses":
      softmaxClasses(task);
      return outcome(null);
    case "softmaxBack":
      softmaxBack(task, report);
      return outcome(null);
    case "binErrors":
      binErrors(task);
      return outcome(null);
    case "binCounts":
      binCounts(task);
      return outcome(null);
    case "binSlopes":
      binSlopes(task);
      return outcome(null);
  }
}

const outcome = (array: Float32Array | null): Outcome => ({ value: 0, array, shares: [] });

function lossOfImages({ loss, input, labels, options, factor, images, into }: LossTask): Outcome {
  const shares: number[] = [];
  const part = images === null ? {} : { [PART]: { images, shares } };
  const own = { ...options, ...part, ...(into && { out: into }) };
  const { value, grad } = valueAndGrad<ArrayLike<number>>(lossNamed(loss))(input, labels, own);
  if (factor !== 1) for (let i = 0; i < grad.length; i++) grad[i] *= factor;
  return { value: value * factor, array: into ? null : grad, shares };
}

// the values of one range out of several, with bounds from a sample, the same in every worker
function sortRange({ values, descending, part, parts }: SortTask): Float32Array {
  const step = Math.max(1, Math.floor(values.length / 4096));
  const sample = Float32Array.from({ length: Math.ceil(values.length / step) }, (_, i) => values[i * step]).sort();
  const place = descending ? parts - 1 - part : part;
  const [low, high] = [place, place + 1].map((k) => sample[Math.floor((k * sample.length) / parts)]);
  // NaN is greater than every number
  const reaches = (value: number, end: number) => value >= end || Number.isNaN(value);
  const own = new Float32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (place > 0 && !reaches(value, low)) continue;
    if (place < parts - 1 && reaches(value, high)) continue;
    own[count++] = value;
  }
  return sort(own.subarray(0, count), descending);
}

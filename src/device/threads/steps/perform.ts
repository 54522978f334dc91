import type { Outcome, Task } from "../protocol.js";
import { lossOfImages } from "./lossOfImages.js";
import { classLosses, slabGradients, slabProbabilities } from "./slabs.js";
import { sortRange } from "./sortRange.js";
import { stripCounts, stripErrors, stripGradient } from "./strips.js";

/** What a worker does with `task`; `onDone` is told of the items of its queue that are done. Throws what the loss throws. */
export function perform(task: Task, onDone: (item: number) => void): Outcome {
  switch (task.kind) {
    case "loss":
      return lossOfImages(task);
    case "sort":
      return outcome(sortRange(task));
    case "slabProbabilities":
      slabProbabilities(task);
      break;
    case "classLosses":
      classLosses(task);
      break;
    case "slabGradients":
      slabGradients(task, onDone);
      break;
    case "stripErrors":
      stripErrors(task);
      break;
    case "stripCounts":
      stripCounts(task);
      break;
    case "stripGradient":
      stripGradient(task);
      break;
  }
  return outcome(null);
}

const outcome = (array: Float32Array | null): Outcome => ({ value: 0, array, shares: [] });

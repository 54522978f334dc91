// The exact losses of binary tasks, one image a call, where pixels weigh differently or errors are not those of the hinge.

import { writeKeys } from "./errors/binaryKeys";
import { HINGE, RAW, SIGMOID, UNIT } from "./errors/key";
import { extension } from "./extension";
import { Task, withRoom } from "./task";

/**
 * The loss of the task's image at errors of `kind` (errors/key.ts): those of the Lovász hinge of logits (Yu, Blaschko, "The Lovász
 * hinge"), whose margins of at least 1 are counted, not sorted; |label - sigmoid(logit)|; |label - probability|; or errors as given. `room`: roomBytes.
 */
export function lovaszBinary_f32(kind: i32, pointer: usize, room: usize): f64 {
  const task = withRoom(pointer, changetype<Task>(pointer).pixels, room);
  // a copy of the sort for each kind, which is constant in its loops
  if (kind == HINGE) return lossOf(HINGE, task);
  if (kind == SIGMOID) return lossOf(SIGMOID, task);
  if (kind == UNIT) return lossOf(UNIT, task);
  return lossOf(RAW, task);
}

// @ts-ignore: decorator
@inline
function lossOf(kind: i32, task: Task): f64 {
  writeKeys(kind, task);
  return extension(kind, task, task.scratch, 0);
}

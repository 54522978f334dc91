// The loss of one class of a Lovász-Softmax, from its keys.

import { SOFTMAX, UNIT } from "./errors/key";
import { extension } from "./extension";
import { Task } from "./task";

/**
 * The loss of the task's class over its images together. Given logits, errors whose keys are equal are told apart; without (0) they
 * tie. The gradient is by the probabilities of the class.
 */
export function lovaszClass_f32(pointer: usize): f64 {
  const task = changetype<Task>(pointer);
  const plane = (task.pixels as usize) << 2;
  const keys = task.keys + (task.positive as usize) * plane;
  const stride = (task.classes as usize) * plane;
  return task.values ? extension(SOFTMAX, task, keys, stride) : extension(UNIT, task, keys, stride);
}

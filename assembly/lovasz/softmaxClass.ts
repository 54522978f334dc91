// The loss of one class of a Lovász-Softmax, from its keys.

import { SOFTMAX, UNIT } from "./errors/key";
import { extension } from "./extension";
import { planeOf, Task, withRoom } from "./task";

/**
 * The loss of the task's class over its images together. Given logits, errors whose keys are equal are told apart; without (0) they
 * tie. The gradient is by the probabilities of the class. `room`: roomBytes of all pixels.
 */
export function lovaszClass_f32(pointer: usize, room: usize): f64 {
  const given = changetype<Task>(pointer);
  const n = given.images * given.pixels;
  const task = withRoom(pointer, n, room);
  const row = (task.pixels as usize) << 2;
  const keys = task.keys + (task.positive as usize) * row;
  const stride = (task.classes as usize) * row;
  const gradients = planeOf(n, room);
  if (task.stride != 0) task.gradient = gradients;
  const loss = task.values ? extension(SOFTMAX, task, keys, stride) : extension(UNIT, task, keys, stride);
  if (task.stride != 0) {
    for (let i: u32 = 0; i < task.images; i++) {
      memory.copy(task.target + (i as usize) * (task.stride as usize), gradients + (i as usize) * row, row);
    }
  }
  return loss;
}

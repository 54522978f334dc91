// One step of training.
import { counted } from "../counted.js";
import { LovaszError } from "../errors.js";
import { clipGradNorm } from "../optim/clipGradNorm.js";
import { describe } from "../options.js";
import { tidy, tidyUnlessAsync } from "../tensor/scope.js";
import { show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { type Batch, batchOf } from "./batch.js";
import type { Plan } from "./fitOptions.js";
import { logitsOf } from "./logits.js";
import { isOutOfMemory } from "./outOfMemory.js";
import type { LabelledPixels } from "./pixels.js";

/** What a step tells. */
export interface Stepped {
  /** The loss before the step. */
  readonly loss: number;
  /** The channels of the logits. */
  readonly channels: number;
}

/** What a step needs of a plan. */
export type Stepping = Pick<Plan, "network" | "optimizer" | "loss" | "clip">;

/**
 * Moves the weights by the loss of `samples`. Throws `LovaszError` "nan" where the loss, or a gradient that is to be clipped, is not
 * finite, before any weight is changed, and "memory", with a cause, where the step needs more than there is.
 */
export async function step(call: string, plan: Stepping, samples: readonly LabelledPixels[]): Promise<Stepped> {
  try {
    return await stepOn(call, plan, batchOf(samples));
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    const why = `a step of ${counted(samples.length, "sample")} needs more memory than there is`;
    throw new LovaszError("memory", `${call}: ${why}; lower batch or crop, or train a smaller network`, { cause: error });
  }
}

/** The same of a batch, where memory that runs out is told as it is met. */
export async function stepOn(call: string, plan: Stepping, batch: Batch): Promise<Stepped> {
  const held: Tensor[] = [];
  try {
    const logits = tidy(() => logitsOf(plan.network, batch));
    held.push(logits);
    const loss = await tidyUnlessAsync(() => plan.loss(logits, batch.labels));
    if (loss instanceof Tensor) held.push(loss);
    if (!(loss instanceof Tensor) || loss.size !== 1) {
      const came = loss instanceof Tensor ? `a tensor of shape ${show(loss.shape)}` : describe(loss);
      throw new LovaszError("option", `${call}: loss(logits, labels) returned ${came}, expected a scalar Tensor`);
    }
    const value = loss.item();
    clearGradients(plan);
    // in any case, as this frees what the loss was computed from
    loss.backward();
    if (!Number.isFinite(value)) throw new LovaszError("nan", `the loss is ${value}`);
    clip(plan);
    plan.optimizer.step();
    return { loss: value, channels: logits.shape[1] };
  } finally {
    for (const one of held) one.dispose();
  }
}

// of the parameters outside the optimiser, too
function clearGradients({ network, optimizer }: Stepping): void {
  optimizer.zeroGrad();
  for (const parameter of network.parameters()) {
    parameter.grad?.dispose();
    parameter.grad = null;
  }
}

function clip({ clip: most, optimizer }: Stepping): void {
  if (most === null) return;
  const norm = clipGradNorm(optimizer.parameters, most);
  if (!Number.isFinite(norm)) throw new LovaszError("nan", `the norm of the gradient is ${norm}`);
}

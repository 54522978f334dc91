// One step of training.
import { counted } from "../counted.js";
import { LovaszError } from "../errors.js";
import { clipGradNorm } from "../optim/clipGradNorm.js";
import { describe } from "../options.js";
import { tidy, tidyUnlessAsync } from "../tensor/scope.js";
import { sameShape, show } from "../tensor/shape.js";
import { Tensor, tensor } from "../tensor/tensor.js";
import { type Batch, batchOf } from "./batch.js";
import type { Plan } from "./fitOptions.js";
import type { LabelledPixels } from "./pixels.js";

/** What a step tells. */
export interface Stepped {
  /** The loss before the step. */
  readonly loss: number;
  /** The channels of the logits. */
  readonly channels: number;
}

/**
 * Moves the weights by the loss of `samples`. Throws `LovaszError` "nan" where the loss, or a gradient that is to be clipped, is not finite, before any weight is changed,
 * and "memory", with a cause, where the step needs more than there is.
 */
export async function step(call: string, plan: Plan, samples: readonly LabelledPixels[]): Promise<Stepped> {
  const held: Tensor[] = [];
  try {
    const batch = batchOf(samples);
    const logits = tidy(() => forward(call, plan, batch));
    held.push(logits);
    const loss = await tidyUnlessAsync(() => plan.loss(logits, batch.labels));
    if (!(loss instanceof Tensor) || loss.size !== 1) {
      const came = loss instanceof Tensor ? `a tensor of shape ${show(loss.shape)}` : describe(loss);
      throw new LovaszError("option", `${call}: loss(logits, labels) returned ${came}, expected a scalar Tensor`);
    }
    held.push(loss);
    const value = loss.item();
    plan.optimizer.zeroGrad();
    // in any case, as this frees what the loss was computed from
    loss.backward();
    if (!Number.isFinite(value)) throw new LovaszError("nan", `the loss is ${value}`);
    clip(plan);
    plan.optimizer.step();
    return { loss: value, channels: logits.shape[1] };
  } catch (error) {
    // JavaScript itself says so with a RangeError
    if (!(error instanceof RangeError) && !(error instanceof LovaszError && error.code === "memory")) throw error;
    const why = `a step of ${counted(samples.length, "sample")} needs more memory than there is`;
    throw new LovaszError("memory", `${call}: ${why}; lower batch or crop, or train a smaller network`, { cause: error });
  } finally {
    for (const one of held) one.dispose();
  }
}

function clip({ clip: most, optimizer }: Plan): void {
  if (most === null) return;
  const norm = clipGradNorm(optimizer.parameters, most);
  if (!Number.isFinite(norm)) throw new LovaszError("nan", `the norm of the gradient is ${norm}`);
}

function forward(call: string, { network }: Plan, { pixels, shape }: Batch): Tensor {
  const logits: unknown = network.forward(tensor(pixels, shape));
  const [count, , ...size] = shape;
  if (logits instanceof Tensor && logits.shape.length === 4 && sameShape([count, logits.shape[1], ...size], logits.shape)) return logits;
  const came = logits instanceof Tensor ? `logits of shape ${show(logits.shape)}` : describe(logits);
  throw new LovaszError("shape", `${call}: network returned ${came} for pixels ${show(shape)}, expected [${count}, C, ${size.join(", ")}]`);
}

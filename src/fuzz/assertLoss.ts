import { counted } from "../counted.js";
import { type CheckOptions, checkLoss } from "./checkLoss.js";
import type { LossUnderTest } from "./lossCase.js";

/**
 * Thrown by `assertLoss` where a loss breaks laws.
 *
 * @example
 * ```js
 * import { assertLoss, LossBroken } from "lovasz/fuzz";
 *
 * const error = await assertLoss(() => ({ value: 9, grad: [] }), { kind: "hinge", runs: 5, seed: 1 }).catch((error) => error);
 * console.log(error instanceof LossBroken); // true
 * ```
 */
export class LossBroken extends Error {
  override readonly name = "LossBroken";
}

/**
 * Like `checkLoss`, but throws `LossBroken` where the loss breaks laws. The message holds the seed and, for each broken law, the
 * shrunk counterexample as code.
 *
 * @example
 * ```js
 * import { lovaszHinge, valueAndGrad } from "lovasz";
 * import { assertLoss } from "lovasz/fuzz";
 *
 * await assertLoss(valueAndGrad(lovaszHinge), { kind: "hinge", runs: 20, seed: 1 });
 * ```
 */
export async function assertLoss(loss: LossUnderTest, options: CheckOptions): Promise<void> {
  const { ok, laws, seed } = await checkLoss(loss, options);
  if (ok) return;
  const broken = laws.filter((result) => !result.ok);
  const reports = broken.map(({ law, message, counterexample }) => `${law}: ${message}\n\n${counterexample}`);
  const summary = `the loss breaks ${broken.length} of ${counted(laws.length, "law")} of kind "${options.kind}" (seed ${seed})`;
  throw new LossBroken(`${summary}\n\n${reports.join("\n\n")}`);
}

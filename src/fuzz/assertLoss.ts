import { type CheckOptions, checkLoss } from "./checkLoss.js";
import type { LossUnderTest } from "./lossCase.js";

/** Thrown where a loss breaks a law. */
export class LossBroken extends Error {
  override readonly name = "LossBroken";
}

/** As `checkLoss`, but throws `LossBroken` where a law is broken: each with the shrunk counterexample, as code, and the seed. */
export async function assertLoss(loss: LossUnderTest, options: CheckOptions): Promise<void> {
  const { ok, laws, seed } = await checkLoss(loss, options);
  if (ok) return;
  const broken = laws.filter((result) => !result.ok);
  const parts = broken.map(({ law, message, counterexample }) => `${law}: ${message}\n\n${counterexample}`);
  const summary = `the loss breaks ${broken.length} of ${laws.length} laws of kind "${options.kind}" (seed ${seed})`;
  throw new LossBroken(`${summary}\n\n${parts.join("\n\n")}`);
}

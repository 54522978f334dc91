// The losses that workers know by name.
import { binaryCrossEntropy } from "../../losses/binaryCrossEntropy.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { dice } from "../../losses/dice.js";
import { focal } from "../../losses/focal.js";
import { jaccard } from "../../losses/jaccard.js";
import { lovaszExtension } from "../../losses/lovaszExtension.js";
import { lovaszHinge } from "../../losses/lovaszHinge.js";
import { lovaszSigmoid } from "../../losses/lovaszSigmoid.js";
import { lovaszSoftmax } from "../../losses/lovaszSoftmax.js";
import { tversky } from "../../losses/tversky.js";
import type { Loss } from "../device.js";

const LOSSES = {
  binaryCrossEntropy,
  crossEntropy,
  dice,
  focal,
  jaccard,
  lovaszExtension,
  lovaszHinge,
  lovaszSigmoid,
  lovaszSoftmax,
  tversky,
};

export type LossName = keyof typeof LOSSES;

/** The loss of that name. */
export const lossNamed = (name: LossName): Loss => LOSSES[name] as Loss;

const names = new Map(Object.entries(LOSSES).map(([name, loss]) => [loss as Loss, name as LossName]));

/** The name of a loss; undefined for a function of the user's own. */
export const nameOf = (loss: Loss): LossName | undefined => names.get(loss);

/** The losses that the adapters offer. */
export type LossName = "lovaszHinge" | "lovaszSoftmax" | "lovaszSigmoid";

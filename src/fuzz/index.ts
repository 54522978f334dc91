/**
 * Laws that judge a loss in random cases, and arbitraries of its inputs, for fast-check.
 * @module lovasz/fuzz
 */

// Named re-exports only.
export { arbitraries } from "./arbitraries.js";
export { LawBroken } from "./ask.js";
export { assertLoss, LossBroken } from "./assertLoss.js";
export type { Cause } from "./causes.js";
export { type CheckOptions, type CheckResult, checkLoss, type LawResult } from "./checkLoss.js";
export type { CaseSettings, Honoured } from "./draw/lossCase.js";
export { type ExtraLaw, type LawName, laws } from "./laws/index.js";
export type { Law } from "./laws/law.js";
export type { Answer, CaseOptions, Kind, LossCase, LossUnderTest, Need, Numbers, Score } from "./lossCase.js";
export type { Precision } from "./precision.js";

// The laws, and the kinds of loss that each applies to.
import { hasClasses, KINDS, type Kind, LOVASZ, SCORES } from "../lossCase.js";
import { answersNumbers } from "./answersNumbers.js";
import { averagesImages } from "./averagesImages.js";
import { growsWithErrors } from "./growsWithErrors.js";
import { hasDerivative } from "./hasDerivative.js";
import { hasSubgradient } from "./hasSubgradient.js";
import { ignoresAbsentClasses } from "./ignoresAbsentClasses.js";
import { ignoresClassNumbers } from "./ignoresClassNumbers.js";
import { ignoresOrder } from "./ignoresOrder.js";
import { ignoresShift } from "./ignoresShift.js";
import { ignoresVoid } from "./ignoresVoid.js";
import { isConvex } from "./isConvex.js";
import { isExtension } from "./isExtension.js";
import { isFlatBeyondMargin } from "./isFlatBeyondMargin.js";
import { isHomogeneous } from "./isHomogeneous.js";
import { isJaccardAtCorners } from "./isJaccardAtCorners.js";
import { isScoreAtCorners } from "./isScoreAtCorners.js";
import { keepsInputs } from "./keepsInputs.js";
import { keepsNoState } from "./keepsNoState.js";
import { liesAboveTangents } from "./liesAboveTangents.js";
import { liesBetweenScores } from "./liesBetweenScores.js";
import { sharesTies } from "./sharesTies.js";
import { takesAnyRank } from "./takesAnyRank.js";
import { takesClassLists } from "./takesClassLists.js";

/**
 * The laws by name, for properties of your own. Each is an async function of a loss and a case that throws `LawBroken` if the loss
 * breaks the law in that case.
 *
 * @example
 * ```js
 * import { laws } from "lovasz/fuzz";
 * import { lovaszHinge, valueAndGrad } from "lovasz";
 *
 * const options = { shape: [1, 1, 2] };
 * const example = { kind: "hinge", values: Float32Array.of(0.5, -1), labels: Int32Array.of(1, 0), options, salt: 0 };
 * await laws.isExtension(valueAndGrad(lovaszHinge), example);
 * ```
 */
export const laws = {
  answersNumbers,
  keepsInputs,
  keepsNoState,
  isExtension,
  hasSubgradient,
  isJaccardAtCorners,
  hasDerivative,
  isScoreAtCorners,
  liesBetweenScores,
  isHomogeneous,
  isConvex,
  liesAboveTangents,
  growsWithErrors,
  isFlatBeyondMargin,
  ignoresOrder,
  ignoresVoid,
  averagesImages,
  ignoresShift,
  ignoresClassNumbers,
  ignoresAbsentClasses,
  sharesTies,
  takesAnyRank,
  takesClassLists,
} as const;

/** The name of a law. */
export type LawName = keyof typeof laws;

const CONVEX: readonly Kind[] = ["hinge", "softmax"];
const CLASSES: readonly Kind[] = KINDS.filter(hasClasses);

// laws that apply to some kinds only
const SOME: Partial<Record<LawName, readonly Kind[]>> = {
  isHomogeneous: CONVEX,
  isConvex: CONVEX,
  liesAboveTangents: CONVEX,
  isExtension: LOVASZ,
  hasSubgradient: LOVASZ,
  isJaccardAtCorners: LOVASZ,
  sharesTies: LOVASZ,
  hasDerivative: SCORES,
  isScoreAtCorners: SCORES,
  liesBetweenScores: SCORES,
  growsWithErrors: ["hinge", "softmax-logits", "sigmoid", ...SCORES],
  isFlatBeyondMargin: ["hinge"],
  ignoresShift: ["softmax-logits"],
  ignoresClassNumbers: CLASSES,
  ignoresAbsentClasses: CLASSES,
  takesClassLists: CLASSES,
};

/** A law that a correct loss may break; its own description says why. */
export type ExtraLaw = "sharesTies" | "takesAnyRank" | "takesClassLists";

/** The names of the extra laws. */
export const EXTRA_LAWS: readonly ExtraLaw[] = ["sharesTies", "takesAnyRank", "takesClassLists"];

/** The names of the laws that every correct loss of `kind` keeps, and those of `also` that apply to the kind. */
export function lawsOf(kind: Kind, also: readonly ExtraLaw[] = []): LawName[] {
  const names = Object.keys(laws) as LawName[];
  const isExtra = (name: LawName) => (EXTRA_LAWS as readonly LawName[]).includes(name);
  return names.filter((name) => (SOME[name]?.includes(kind) ?? true) && (!isExtra(name) || (also as readonly LawName[]).includes(name)));
}

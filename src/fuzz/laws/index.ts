// The laws, and which kinds of loss they speak of.
import type { Kind } from "../lossCase.js";
import { answersNumbers } from "./answersNumbers.js";
import { averagesImages } from "./averagesImages.js";
import { growsWithErrors } from "./growsWithErrors.js";
import { hasSubgradient } from "./hasSubgradient.js";
import { ignoresAbsentClasses } from "./ignoresAbsentClasses.js";
import { ignoresClassNumbers } from "./ignoresClassNumbers.js";
import { ignoresOrder } from "./ignoresOrder.js";
import { ignoresVoid } from "./ignoresVoid.js";
import { isConvex } from "./isConvex.js";
import { isExtension } from "./isExtension.js";
import { isFlatBeyondMargin } from "./isFlatBeyondMargin.js";
import { isHomogeneous } from "./isHomogeneous.js";
import { isJaccardAtCorners } from "./isJaccardAtCorners.js";
import { keepsInputs } from "./keepsInputs.js";
import { keepsNoState } from "./keepsNoState.js";
import { liesAboveTangents } from "./liesAboveTangents.js";
import { sharesTies } from "./sharesTies.js";
import { takesAnyRank } from "./takesAnyRank.js";
import { takesClassLists } from "./takesClassLists.js";

/** The laws, by name: functions of a loss and a case, for properties of your own. */
export const laws = {
  answersNumbers,
  keepsInputs,
  keepsNoState,
  isExtension,
  hasSubgradient,
  isJaccardAtCorners,
  isHomogeneous,
  isConvex,
  liesAboveTangents,
  growsWithErrors,
  isFlatBeyondMargin,
  ignoresOrder,
  ignoresVoid,
  averagesImages,
  ignoresClassNumbers,
  ignoresAbsentClasses,
  sharesTies,
  takesAnyRank,
  takesClassLists,
} as const;

/** The name of a law. */
export type LawName = keyof typeof laws;

const CONVEX: readonly Kind[] = ["hinge", "softmax"];

// laws that do not speak of every kind
const KINDS: Partial<Record<LawName, readonly Kind[]>> = {
  isHomogeneous: CONVEX,
  isConvex: CONVEX,
  liesAboveTangents: CONVEX,
  growsWithErrors: ["hinge", "sigmoid"],
  isFlatBeyondMargin: ["hinge"],
  ignoresClassNumbers: ["softmax"],
  ignoresAbsentClasses: ["softmax"],
  takesClassLists: ["softmax"],
};

/** A law that a right loss need not keep, see each. */
export type ExtraLaw = "sharesTies" | "takesAnyRank" | "takesClassLists";

/** Their names. */
export const EXTRA_LAWS: readonly ExtraLaw[] = ["sharesTies", "takesAnyRank", "takesClassLists"];

/** The names of the laws of every right loss of `kind`, and of those `also` names that speak of the kind. */
export function lawsOf(kind: Kind, also: readonly ExtraLaw[] = []): LawName[] {
  const names = Object.keys(laws) as LawName[];
  const isExtra = (name: LawName) => (EXTRA_LAWS as readonly LawName[]).includes(name);
  return names.filter((name) => (KINDS[name]?.includes(kind) ?? true) && (!isExtra(name) || (also as readonly LawName[]).includes(name)));
}

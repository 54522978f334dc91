// What to do about a wrong label. `ignore` is offered only where the label can mark void pixels: to ignore the -1 of labels -1 and 1, or
// the 255 of a mask of 0 and 255, would leave one class to train on, and no error would say so.
import { describe } from "../options.js";

/** The labels that a call takes. */
export interface LabelKind {
  /** Labels are 0..classes-1. */
  classes: number;
  /** The label of void pixels, if there is one. */
  ignore?: number | null;
  /** Whether the call has an option `ignore`. Default true. */
  hasIgnore?: boolean;
  /** Whether labels are fractions from 0 to 1, one for each class, instead. Default false. */
  soft?: boolean;
  /** If labels are 0 and 1, one for each logit: what to use for class numbers. */
  multiclass?: string;
  /** If labels are class numbers: what to use for 0 and 1. */
  binary?: string;
}

/** The end of the message that refuses `label`: a semicolon and the likely cure, or nothing. `maps` hold all labels of the call. */
export function labelHint(label: unknown, maps: readonly ArrayLike<unknown>[], kind: LabelKind): string {
  const hint = hintOf(label, maps, kind);
  return hint && `; ${hint}`;
}

const joined = (...hints: string[]) => hints.filter(Boolean).join("; ");

function hintOf(label: unknown, maps: readonly ArrayLike<unknown>[], kind: LabelKind): string {
  if (typeof label !== "number" || !Number.isInteger(label)) return kind.soft ? "" : "labels are class numbers";
  if (kind.classes < 2) return kind.classes === 1 && kind.binary ? `labels of 0 and 1 want ${kind.binary}` : "";
  const rest = otherLabels(label, maps, kind);
  return otherCoding(label, rest, kind) || voidPixels(label, rest, kind) || severalWrong(label, rest, kind);
}

/** What the labels are, without those that equal the wrong one. */
interface Rest {
  /** Which of these occur: -1, 0, 1, and the number of classes. */
  has: ReadonlySet<number>;
  /** Whether there is a label that two classes never have: a class from 2 on, or a fraction. */
  more: boolean;
  /** The smallest; Infinity if there is none. */
  least: number;
  /** Whether some are void already. */
  ignored: boolean;
  /** The first that is wrong, too, in words. */
  wrong: string | null;
}

function otherLabels(label: number, maps: readonly ArrayLike<unknown>[], { classes, ignore, soft }: LabelKind): Rest {
  const has = new Set<number>();
  const rest: Rest = { has, more: false, least: Number.POSITIVE_INFINITY, ignored: false, wrong: null };
  const isRight = (value: number) => value >= 0 && (soft ? value <= 1 : value < classes && Number.isInteger(value));
  for (const map of maps) {
    for (let i = 0; i < map.length; i++) {
      const value = map[i];
      if (value === label) continue;
      if (value === ignore) {
        rest.ignored = true;
        continue;
      }
      const isNumber = typeof value === "number";
      if (isNumber && value < rest.least) rest.least = value;
      if (isNumber && (value === -1 || value === 0 || value === 1 || value === classes)) has.add(value);
      else if (isNumber && isRight(value)) rest.more = true;
      if (!(isNumber && isRight(value))) rest.wrong ??= describe(value);
    }
  }
  return rest;
}

// the wrong label as a class that is counted or coded in another way
function otherCoding(label: number, { has, more, least, wrong }: Rest, kind: LabelKind): string {
  const { classes, soft } = kind;
  const isFromOne = least >= 1 && label >= 1 && (label === classes || has.has(classes));
  if (isFromOne) return "labels seem to count from 1, but classes count from 0: subtract 1";
  const [zero, one] = [has.has(0), has.has(1)];
  if (more || (zero && one)) return "";
  if (one && (label === -1 || has.has(-1))) return "labels are -1 and 1: map -1 to 0";
  if (wrong !== null) return "";
  const isBinary = classes === 2 || soft;
  if (!zero && !one) return isBinary ? joined("no label is 0 or 1", classNumbers(label, kind)) : "no label is a class";
  if (!isBinary) return `all others are ${zero ? 0 : 1}, so ${label} may be a class: map it to its number`;
  if (label === 255 && zero) return "no label is 1: divide by 255 if that is the foreground";
  const [missing, what] = zero ? [1, "foreground"] : [0, "background"];
  return joined(`no label is ${missing}: map ${label} to ${missing} if it is the ${what}`, classNumbers(label, kind));
}

// the wrong label as that of void pixels: all others are right, and (see above) not those of another coding
function voidPixels(label: number, { wrong, ignored }: Rest, kind: LabelKind): string {
  const { classes, ignore, hasIgnore = true, soft, multiclass } = kind;
  // among soft labels of several classes, no class can be void
  const isClass = soft && multiclass === undefined && label >= 0 && label < classes;
  if (wrong !== null || !hasIgnore || isClass) return "";
  if (ignored) return `map it to ${ignore}, which is void already, if it marks void pixels, too`;
  return joined(`pass { ignore: ${label} } if it marks void pixels`, classNumbers(label, kind));
}

// the wrong label as one among several
function severalWrong(label: number, { wrong }: Rest, kind: LabelKind): string {
  const { multiclass, hasIgnore = true } = kind;
  if (wrong === null || !hasIgnore) return classNumbers(label, kind);
  if (multiclass === undefined) return `${wrong} occurs, too: void pixels want a single number`;
  return `${wrong} occurs, too: class numbers want ${multiclass}, grey levels a threshold, void pixels a single number`;
}

// 255 is hardly ever a class
function classNumbers(label: number, { multiclass }: LabelKind): string {
  return multiclass !== undefined && label > 1 && label !== 255 ? `class numbers want ${multiclass}` : "";
}

// Suggests a cure for a wrong label. It offers `ignore` only where the label may mark ignored pixels: ignoring the -1 of labels -1 and 1,
// or the 255 of a mask of 0 and 255, would silently leave a single class to train on.
import { describe } from "../options.js";

/** The labels that a call accepts. */
export interface LabelKind {
  /** Labels are 0..classes-1. */
  classes: number;
  /** The label of ignored pixels, if there is one. */
  ignore?: number | null;
  /** Whether the call has the option `ignore`. Default true. */
  hasIgnore?: boolean;
  /** Whether labels are fractions from 0 to 1 instead, one for each class. Default false. */
  soft?: boolean;
  /** Where labels are 0 and 1, one for each logit: the function to use for class numbers. */
  multiclass?: string;
  /** Where labels are class numbers: the function to use for labels of 0 and 1. */
  binary?: string;
}

/** The end of the message that refuses `label`: a semicolon and the likely cure, or nothing. `maps` holds all labels of the call. */
export function labelHint(label: unknown, maps: readonly ArrayLike<unknown>[], kind: LabelKind): string {
  const hint = hintOf(label, maps, kind);
  return hint && `; ${hint}`;
}

const joined = (...hints: string[]) => hints.filter(Boolean).join("; ");

function hintOf(label: unknown, maps: readonly ArrayLike<unknown>[], kind: LabelKind): string {
  if (typeof label !== "number" || !Number.isInteger(label)) return kind.soft ? "" : "labels are class numbers";
  if (kind.classes < 2) return kind.classes === 1 && kind.binary ? `labels of 0 and 1 want ${kind.binary}` : "";
  const labels = otherLabels(label, maps, kind);
  return otherCoding(label, labels, kind) || ignoredPixels(label, labels, kind) || severalWrong(label, labels, kind);
}

/** Summary of the labels that differ from the wrong one. */
interface OtherLabels {
  /** Which of -1, 0, 1 and the number of classes occur. */
  has: ReadonlySet<number>;
  /** Whether a correct label other than 0 and 1 occurs: a class from 2 on, or a fraction. */
  more: boolean;
  /** The smallest label; Infinity if there is none. */
  least: number;
  /** Whether some pixels are ignored already. */
  ignored: boolean;
  /** The first other wrong label, as `describe` shows it; null if there is none. */
  wrong: string | null;
}

function otherLabels(label: number, maps: readonly ArrayLike<unknown>[], { classes, ignore, soft }: LabelKind): OtherLabels {
  const has = new Set<number>();
  const summary: OtherLabels = { has, more: false, least: Number.POSITIVE_INFINITY, ignored: false, wrong: null };
  const isRight = (value: number) => value >= 0 && (soft ? value <= 1 : value < classes && Number.isInteger(value));
  for (const map of maps) {
    for (let i = 0; i < map.length; i++) {
      const value = map[i];
      if (value === label) continue;
      if (value === ignore) {
        summary.ignored = true;
        continue;
      }
      const isNumber = typeof value === "number";
      if (isNumber && value < summary.least) summary.least = value;
      if (isNumber && (value === -1 || value === 0 || value === 1 || value === classes)) has.add(value);
      else if (isNumber && isRight(value)) summary.more = true;
      if (!(isNumber && isRight(value))) summary.wrong ??= describe(value);
    }
  }
  return summary;
}

// a hint for labels that count or encode the classes differently
function otherCoding(label: number, { has, more, least, wrong }: OtherLabels, kind: LabelKind): string {
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

// a hint for a label that may mark ignored pixels: all the others are right, and otherCoding has found no other encoding
function ignoredPixels(label: number, { wrong, ignored }: OtherLabels, kind: LabelKind): string {
  const { classes, ignore, hasIgnore = true, soft, multiclass } = kind;
  // with soft labels, no class number can mark ignored pixels
  const isClass = soft && multiclass === undefined && label >= 0 && label < classes;
  if (wrong !== null || !hasIgnore || isClass) return "";
  if (ignored) return `map it to ${ignore}, which is void already, if it marks void pixels, too`;
  return joined(`pass { ignore: ${label} } if it marks void pixels`, classNumbers(label, kind));
}

// a hint where several labels are wrong
function severalWrong(label: number, { wrong }: OtherLabels, kind: LabelKind): string {
  const { multiclass, hasIgnore = true } = kind;
  if (wrong === null || !hasIgnore) return classNumbers(label, kind);
  if (multiclass === undefined) return `${wrong} occurs, too: void pixels want a single number`;
  return `${wrong} occurs, too: class numbers want ${multiclass}, grey levels a threshold, void pixels a single number`;
}

// 255 is hardly ever a class
function classNumbers(label: number, { multiclass }: LabelKind): string {
  return multiclass !== undefined && label > 1 && label !== 255 ? `class numbers want ${multiclass}` : "";
}

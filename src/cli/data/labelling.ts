// What the values of masks mean: one rule for all files of a folder, derived from the values of all of them.
import { LovaszError } from "../../index.js";
import { IGNORED } from "../../model/ignored.js";
import type { Colours } from "./colours.js";
import { type Contacts, looksLikeBorder } from "./contacts.js";
import { brightness, COLOUR, type MaskValues } from "./maskValues.js";
import { listed, NOISE, noiseOf, thresholdFor, valueInWords, valuesInWords } from "./valuesInWords.js";

/** What is known of one mask, or of one map of class numbers, without its pixels. */
export interface MaskScan extends Pick<MaskValues, "kind" | "lossy" | "white" | "black" | "hidden" | "isSoft" | "alpha"> {
  /** The file, for people. */
  readonly file: string;
  /** How many pixels have each value. */
  readonly counts: ReadonlyMap<number, number>;
  /** Which values lie side by side, where they are few. */
  readonly contacts: Contacts;
}

/** The options of the call; null, or empty, where one was left out. */
export interface LabelOptions {
  /** The number of classes; null for foreground and background. */
  readonly classes: number | null;
  /** The values of ignored pixels; empty where there are none. */
  readonly ignore: readonly number[];
  /** Values from here on are foreground. */
  readonly threshold: number | null;
  /**
   * The threshold of a model's training, which is used only where these masks need one too; null where that had none, undefined where
   * there is no model.
   */
  readonly trainedThreshold?: number | null;
  /** The class of each colour, where masks are read by their colours. */
  readonly colours?: Colours | null;
  /** What the stems of masks have behind those of their pictures. */
  readonly maskSuffix?: string;
}

/** A rule that gives each value its label, and doubts about it. */
export interface Labelling {
  readonly labelOf: (value: number) => number;
  readonly doubts: readonly string[];
}

/**
 * The rule for masks of foreground and background. Where their values, `ignore` aside, are 0 and one other, anything but 0 is
 * foreground; where all files of more values are JPEG and the values are noise around 0 and one other, the larger ones are.
 * Anything else is ambiguous unless `threshold` is given: throws `LovaszError` "data" that names a file, its values, and the option
 * for each meaning.
 */
export function maskLabelling(scans: readonly MaskScan[], options: LabelOptions): Labelling {
  const { ignore, threshold, trainedThreshold = null } = options;
  for (const scan of scans) refuseUntold(scan, ignore);
  const counts = without(together(scans), ignore);
  const doubts = doubtsOfIgnore(scans, ignore, counts);
  const rule = (isForeground: (value: number) => boolean, more: readonly string[] = []): Labelling => {
    return { labelOf: ignoring(ignore, (value) => (isForeground(value) ? 1 : 0)), doubts: [...doubts, ...more] };
  };
  if (threshold !== null) {
    return rule((value) => brightness(value) >= threshold, doubtsOfThreshold(scans, ignore, threshold));
  }
  if (foregrounds(counts).length < 2) {
    const largest = Math.max(0, ...[...counts.keys()].map(brightness));
    const isOther = trainedThreshold !== null && largest > 0 && largest < trainedThreshold;
    const other = `the masks hold 0 and ${largest}, of which ${largest} is taken for foreground, though the model was trained with --threshold ${trainedThreshold}`;
    return rule((value) => value !== 0, isOther ? [other] : []);
  }
  const cut = cutOfNoise(scans, ignore);
  if (cut !== null) return rule((value) => value >= cut, [`JPEG noise in the masks is cut at ${cut}: from there on is foreground`]);
  if (trainedThreshold === null) throw untold(scans, counts, ignore);
  const note = `the masks are cut at ${trainedThreshold}, as those that the model was trained on`;
  return rule((value) => brightness(value) >= trainedThreshold, [note]);
}

/**
 * The rule for maps of class numbers: each value is its class; two classes may also be 0 and white. Throws `LovaszError` "data" that
 * names a file, the value that is no class, and the cure.
 */
export function classLabelling(scans: readonly MaskScan[], { classes, ignore }: LabelOptions): Labelling {
  for (const scan of scans) refuseUnnumbered(scan, ignore);
  const count = classes as number;
  const counts = without(together(scans), ignore);
  const doubts = [...doubtsOfIgnore(scans, ignore, counts), ...scans.flatMap(({ file, black }) => blackClasses(file, black, ignore))];
  if (count === 2 && scans.every((scan) => isBlackAndWhite(scan, ignore))) {
    const whites = [...counts.keys()].filter((value) => value > 1);
    const note = `the values 0 and ${listed(whites.map(String))} in the maps of class numbers are read as classes 0 and 1`;
    return { labelOf: ignoring(ignore, (value) => (value > 0 ? 1 : 0)), doubts: whites.length > 0 ? [...doubts, note] : doubts };
  }
  const beyond = [...counts.keys()].filter((value) => value >= count).sort((a, b) => b - a);
  if (beyond.length > 0) throw noClass(scans, beyond, count, ignore);
  return { labelOf: ignoring(ignore, (value) => value), doubts };
}

// a rule that leaves out the values of `ignore`
function ignoring(ignore: readonly number[], labelOf: (value: number) => number): (value: number) => number {
  const ignored = new Set(ignore);
  return (value) => (ignored.has(value) ? IGNORED : labelOf(value));
}

// 255 is white to many programs, whatever the depth of a file
function isBlackAndWhite({ counts, white }: MaskScan, ignore: readonly number[]): boolean {
  return foregrounds(without(counts, ignore)).every((value) => value === white || value === 255);
}

/** How many pixels have each value, in all masks. */
export function together(scans: readonly Pick<MaskScan, "counts">[]): Map<number, number> {
  const all = new Map<number, number>();
  for (const { counts } of scans) for (const [value, count] of counts) all.set(value, (all.get(value) ?? 0) + count);
  return all;
}

function without(counts: ReadonlyMap<number, number>, ignore: readonly number[]): Map<number, number> {
  const kept = new Map(counts);
  for (const value of ignore) kept.delete(value);
  return kept;
}

const inWords = (values: readonly number[]) => listed(values.map(String));

const foregrounds = (counts: ReadonlyMap<number, number>) => [...counts.keys()].filter((value) => value !== 0);

const wrong = (file: string, what: string) => new LovaszError("data", `${file} ${what}`);

function refuseUntold(scan: MaskScan, ignore: readonly number[]): void {
  const { file, lossy, black } = scan;
  if (lossy && ignore.length > 0) throw wrong(file, "is a JPEG, which does not keep the value of --ignore exactly; save it as PNG");
  const blacks = black.filter((index) => !ignore.includes(index));
  if (blacks.length > 0) {
    const which = `index ${listed(blacks.map(String))} of its palette is black`;
    throw wrong(file, `can be read in two ways: ${which}, but index 0 is background; save it in grey, with 0 for the background`);
  }
  refuseTransparent(scan, ignore);
}

/** Throws `LovaszError` "data" where pixels of other values than 0, and than those of `ignore`, are transparent. */
export function refuseTransparent({ file, kind, hidden, isSoft }: MaskScan, ignore: readonly number[]): void {
  const values = hidden.filter((value) => !ignore.includes(value));
  const what = kind === "index" ? "index" : kind === "colour" ? "colour" : "value";
  const which = values.length > 3 ? "of several colours" : `of ${what} ${listed(values.map(valueInWords))}`;
  const why = values.length > 0 ? `pixels ${which} are transparent` : "some of its foreground is partly transparent";
  if (values.length === 0 && !isSoft) return;
  throw wrong(file, `can be read in two ways: ${why}; save it without transparency, with 0 for the background`);
}

function refuseUnnumbered(scan: MaskScan, ignore: readonly number[]): void {
  const { file, kind, lossy } = scan;
  if (lossy) throw wrong(file, "is a JPEG, which does not keep class numbers exactly; save it as PNG");
  if (kind === "colour") {
    const cure = "pass --colours FILE, which names the class of each colour, or save class numbers as a grey or palette PNG";
    throw wrong(file, `is a colour picture; ${cure}`);
  }
  refuseTransparent(scan, ignore);
}

function blackClasses(file: string, black: readonly number[], ignore: readonly number[]): string[] {
  const classes = black.filter((index) => !ignore.includes(index));
  return classes.length === 0 ? [] : [`${file} shows class ${listed(classes.map(String))} in black; the index of the palette counts`];
}

function doubtsOfIgnore(scans: readonly MaskScan[], ignore: readonly number[], kept: ReadonlyMap<number, number>): string[] {
  const absent = ignore.filter((value) => !scans.some(({ counts }) => counts.has(value)));
  const [noun, verb] = absent.length > 1 ? ["values", "are"] : ["value", "is"];
  const doubts = absent.length > 0 ? [`no mask has the ${noun} ${inWords(absent)} that ${verb} to be ignored`] : [];
  const left = [...kept.keys()];
  if (absent.length === ignore.length || left.length > 1) return doubts;
  const others = left.length === 0 ? "no other pixel is left" : `all other pixels have the value ${left.map(valueInWords).join("")}`;
  return [...doubts, `with ${inWords(ignore)} ignored, ${others}`];
}

function doubtsOfThreshold(scans: readonly MaskScan[], ignore: readonly number[], threshold: number): string[] {
  const largest = (scan: MaskScan) => Math.max(0, ...[...without(scan.counts, ignore).keys()].map(brightness));
  const empty = scans.filter((scan) => largest(scan) > 0 && largest(scan) < threshold);
  if (empty.length === 0) return [];
  const who = empty.length > 1 ? `${empty[0].file} and ${empty.length - 1} more masks have` : `${empty[0].file} has`;
  return [`${who} values up to ${largest(empty[0])}, but none that reaches the threshold ${threshold}`];
}

// Where the larger values begin, if files of more than two values are JPEG, and all values lie around 0 and one other.
function cutOfNoise(scans: readonly MaskScan[], ignore: readonly number[]): number | null {
  const exact = foregrounds(without(together(scans.filter(({ lossy }) => !lossy)), ignore));
  // values of lossless files are not noise
  if (!scans.some(({ lossy }) => lossy) || exact.length > 1 || exact.some((value) => value <= NOISE)) return null;
  const values = [...together(scans).keys()].sort((a, b) => a - b);
  const low = values.filter((value) => value <= NOISE);
  const high = values.slice(low.length);
  if (high.length === 0) return NOISE + 1;
  const isNoise = high[high.length - 1] - high[0] <= 2 * NOISE;
  // clusters that touch are one
  const isApart = low.length === 0 || high[0] - low[low.length - 1] >= 2 * NOISE;
  return isNoise && isApart ? Math.ceil(((low[low.length - 1] ?? 0) + high[0]) / 2) : null;
}

function untold(scans: readonly MaskScan[], counts: ReadonlyMap<number, number>, ignore: readonly number[]): LovaszError {
  const own = ({ counts: some }: MaskScan) => without(some, ignore);
  const many = (scan: MaskScan) => foregrounds(own(scan)).length;
  const scan = scans.reduce((most, one) => (many(one) > many(most) ? one : most));
  const aside = ignore.length === 0 ? "" : `, ${inWords(ignore)} aside`;
  const inAll = many(scan) < 2 ? `, all masks together ${valuesInWords(counts, scan.white)}` : "";
  const came = `holds ${nounOf(scan, own(scan).size)}${valuesInWords(own(scan), scan.white)}${inAll}`;
  const cures = curesOf(scans, counts, ignore, many(scan) > 1);
  const pass = cures.length > 0 ? `pass ${listedWithOr(cures)}` : "";
  // without a 0, every threshold from 1 up would make all pixels foreground
  const zero = counts.has(0) ? "" : ignore.includes(0) ? "leave out --ignore 0" : "save them with 0 for the background";
  const cure = [pass, zero].filter(Boolean).join(", or ");
  return wrong(scan.file, `${came}, expected 0 and one other in all masks${aside}; ${cure}`);
}

// "the values ", "the index "; colours speak for themselves
function nounOf({ kind }: MaskScan, count: number): string {
  if (kind === "colour") return "";
  const [one, several] = kind === "index" ? ["index", "indices"] : ["value", "values"];
  return `the ${count > 1 ? several : one} `;
}

// `isWithin`: whether there is a mask that holds several values by itself
function curesOf(scans: readonly MaskScan[], counts: ReadonlyMap<number, number>, ignore: readonly number[], isWithin: boolean): string[] {
  const values = [...counts.keys()];
  const white = Math.max(...scans.map((scan) => scan.white));
  const isGrey = scans.every(({ kind }) => kind === "grey" || kind === "alpha") && values.every((value) => value < COLOUR);
  const cures: string[] = [];
  // values as small as noise are numbers of something
  if (isGrey && isWithin && counts.has(0) && Math.max(...values) > noiseOf(white))
    cures.push(`--threshold ${thresholdFor(counts, white)} if smaller values are noise or soft edges`);
  // in JPEG files this would take noise for foreground
  if (counts.has(0) && !(isGrey && scans.every(({ lossy }) => lossy))) cures.push(`--threshold 1 if ${allBut(scans, values)}`);
  // more colours than there can be classes are numbers of instances
  const isPainted = values.some((value) => value >= COLOUR) && values.length <= IGNORED;
  if (isPainted && ignore.length === 0) cures.push("--colours FILE, which names the class of each colour, if they are classes");
  return counts.has(0) ? [...cures, ...borders(scans, counts, ignore)] : cures;
}

function allBut(scans: readonly MaskScan[], values: readonly number[]): string {
  if (values.some((value) => value >= COLOUR)) return "all colours but black are foreground";
  if (scans.every(({ kind }) => kind === "index")) return "all indices but 0 are foreground";
  return "all but 0 is foreground, as numbers of instances are";
}

function borders(scans: readonly MaskScan[], counts: ReadonlyMap<number, number>, ignore: readonly number[]): string[] {
  const [first, second, ...more] = foregrounds(counts);
  if (more.length > 0 || second === undefined) return [];
  const contacts = new Map<string, number>();
  for (const scan of scans) for (const [key, count] of scan.contacts) contacts.set(key, (contacts.get(key) ?? 0) + count);
  const pairs = [
    [first, second],
    [second, first],
  ];
  return pairs
    .filter(([value, other]) => value < COLOUR && looksLikeBorder(contacts, value, other))
    .map(([value]) => `--ignore ${[...ignore, value].join(",")} if ${value} marks a border that nobody could label`);
}

function listedWithOr(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")}, or ${texts[texts.length - 1]}`;
}

// --ignore is offered only where a single value is no class, or two with 255, and a map holds the largest beside background and a class.
function noClass(scans: readonly MaskScan[], beyond: readonly number[], classes: number, ignore: readonly number[]): LovaszError {
  const [largest] = beyond;
  const { file } = scans.find((scan) => scan.counts.has(largest)) as MaskScan;
  const isBinary = scans.every((scan) => foregrounds(without(scan.counts, ignore)).every((value) => value === 255));
  const isBeside = scans.some(
    (scan) => scan.counts.has(largest) && foregrounds(without(scan.counts, ignore)).some((value) => value < classes),
  );
  const isNext = largest < IGNORED && scans.some((scan) => foregrounds(without(scan.counts, ignore)).some((value) => value !== largest));
  const isFew = beyond.length === 1 || (beyond.length === 2 && largest >= IGNORED);
  const marks = beyond.length === 1 ? "it marks" : `${inWords(beyond)} mark`;
  const cures = [
    ...(isBinary ? ["pass --classes 2, which reads 0 and 255 as classes 0 and 1"] : []),
    ...(isNext ? [`raise --classes to ${largest + 1}`] : []),
    ...(isFew && isBeside ? [`pass --ignore ${[...ignore, ...beyond].join(",")} if ${marks} pixels that nobody could label`] : []),
  ];
  const cure = listedWithOr(cures.length > 0 ? cures : [`renumber the classes from 0`]);
  return wrong(file, `has class ${largest}, expected 0 to ${classes - 1}; ${cure}`);
}

// A data folder: images/ beside masks/ or classes/, whose files are paired by stem. All files are examined before any is used,
// because only all masks together show what their values mean.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { LovaszError } from "../../index.js";
import { IGNORED } from "../../model/ignored.js";
import { type Pixels, pixelsOf } from "../../model/pixels.js";
import { colourLabelling } from "./colourLabelling.js";
import { colourValues } from "./colourValues.js";
import { contactsOf } from "./contacts.js";
import { type DataFile, type Listing, listFiles, unreadInWords } from "./files.js";
import { classLabelling, type Labelling, type LabelOptions, type MaskScan, maskLabelling, together } from "./labelling.js";
import { suffixOf, withoutSuffix } from "./maskSuffix.js";
import { countsOf, type MaskValues, maskValues } from "./maskValues.js";
import { Memory, type Picture } from "./picture.js";
import { asPicture } from "./pictures.js";
import type { Raster } from "./raster.js";
import { readRaster } from "./readRaster.js";
import type { Sample } from "./sample.js";
import { truthFolder } from "./truthFolder.js";
import { upright } from "./upright.js";
import { listed, valuesInWords } from "./valuesInWords.js";

/** What a data folder holds. */
export interface DataFolder {
  /** In the order of their names. */
  readonly pictures: readonly Picture[];
  /** What a person should know before training, a sentence each. */
  readonly doubts: readonly string[];
  /** The values of the masks, in words. */
  readonly values: string;
  /** What the folder holds beside pictures. */
  readonly truth: "masks" | "maps of class numbers";
  /** The names of the classes, where a file of colours gives them. */
  readonly classNames: readonly string[] | null;
}

/**
 * Looks at every picture of the folder `data` and its labels; decoded ones are held as long as `memory` can take them. Throws
 * `LovaszError` "data" that names the file or folder, what is wrong with it and what to do.
 */
export async function readFolder(data: string, options: LabelOptions, memory = new Memory()): Promise<DataFolder> {
  const folder = truthFolder(data, options);
  const truth = options.classes === null || options.colours ? "masks" : "maps of class numbers";
  const { files, aside } = await pairedFiles(data, folder, options);
  const seen = await lookAt(files, options, memory);
  const rule = options.colours ? colourLabelling : options.classes === null ? maskLabelling : classLabelling;
  const labelling = rule(
    seen.map(({ scan }) => scan),
    options,
  );
  const pictures = seen.map((one) => pictureFrom(one, labelling, options));
  const doubts = [...aside, ...notesOf(seen), ...labelling.doubts, ...doubtsOf(pictures, folder, options)];
  return { pictures, doubts, values: valuesOf(seen), truth, classNames: options.colours?.names ?? null };
}

// the pictures with their masks, which lie in `folder`, and doubts about other files
async function pairedFiles(data: string, folder: string, options: LabelOptions): Promise<{ files: Files[]; aside: string[] }> {
  const { maskSuffix = "" } = options;
  const what = options.classes === null || options.colours ? "a mask" : "a map of class numbers";
  const names = maskSuffix === "" ? "files of the same names" : `files of the same names, those of masks with ${maskSuffix} behind`;
  const images = await listing(join(data, "images"), `${data} needs images/ and ${basename(folder)}/ with ${names}`);
  const all = await listing(folder, `it holds ${what} for each picture${otherTruth(data, options)}`);
  const labels = maskSuffix === "" ? all : withoutSuffix(all, maskSuffix);
  const aside = [`in ${join(data, "images")}`, `in ${folder}`].flatMap((where, i) => {
    const words = unreadInWords([images, labels][i]);
    return words ? [`${where} ${words}`] : [];
  });
  const same = maskSuffix === "" ? "a file of the same name" : `a file of the same name with ${maskSuffix}`;
  const suffix = maskSuffix === "" ? suffixOf(images, labels) : null;
  const cure = suffix === null ? null : `pass --mask-suffix ${suffix}, which all files in ${folder} have behind the names of pictures`;
  pair(images, labels, `a picture in ${join(data, "images")}`, `${same} in ${folder}`, { aside, cure });
  pair(labels, images, `a file in ${folder}`, `a picture of the same name in ${join(data, "images")}`, { aside, cure });
  const files = [...images.files].map(([name, picture]) => ({ name, picture, truth: labels.files.get(name) as DataFile }));
  return { files, aside };
}

function otherTruth(data: string, { classes, colours, trainedThreshold }: LabelOptions): string {
  // the classes of a model cannot be changed
  const isFixed = trainedThreshold !== undefined;
  const other = classes === null ? "classes" : "masks";
  if (colours || !existsSync(join(data, other))) return "";
  if (classes === null) return isFixed ? "" : "; pass --classes N to read classes/ instead";
  const cure = "pass --colours FILE to read classes by the colours in masks/";
  return isFixed ? `; ${cure}` : `; leave out --classes to read masks/ instead, or ${cure}`;
}

async function listing(folder: string, need: string): Promise<Listing> {
  const files = await listFiles(folder, need);
  if (files.files.size > 0) return files;
  const unread = unreadInWords(files);
  throw new LovaszError("data", `${folder} holds no PNG, JPEG or TIFF file; ${unread || need}`);
}

interface Hints {
  readonly aside: readonly string[];
  /** What is likely to help, where that is evident. */
  readonly cure: string | null;
}

function pair(from: Listing, to: Listing, one: string, other: string, { aside, cure }: Hints): void {
  const lacking = (a: Listing, b: Listing) => [...a.files].filter(([stem]) => !b.files.has(stem)).map(([, { shown }]) => shown);
  const [alone, instead] = [lacking(from, to), lacking(to, from)];
  if (alone.length === 0) return;
  const more = alone.length > 1 ? ` (and ${alone.length - 1} more)` : "";
  const also = aside.length > 0 ? ` (${aside.join("; ")})` : "";
  const rename = instead.length > 0 ? `rename ${instead[0]}, if it belongs to it, or add or remove files` : "add or remove files";
  throw new LovaszError("data", `${alone[0]}${more} stands alone: ${one} needs ${other}; ${cure ?? rename}${also}`);
}

interface Files {
  name: string;
  picture: DataFile;
  truth: DataFile;
}

/** A picture whose mask has been looked at, and its decoded pixels where memory could hold them. */
interface Seen extends Files {
  readonly width: number;
  readonly height: number;
  readonly scan: MaskScan;
  readonly wasTurned: boolean;
  /** The files that have more pages than the one that is read. */
  readonly paged: readonly DataFile[];
  readonly read: MaskReader;
  held: Decoded | null;
}

/** What the values of a decoded mask are. */
type MaskReader = (raster: Raster) => MaskValues;

const byValue: MaskReader = (raster) => maskValues(raster);
const byAlpha: MaskReader = (raster) => maskValues(raster, true);

interface Decoded {
  readonly pixels: Pixels;
  readonly values: MaskValues;
  readonly wasTurned: boolean;
  readonly paged: readonly DataFile[];
}

async function lookAt(files: readonly Files[], { colours, ignore }: LabelOptions, memory: Memory): Promise<Seen[]> {
  const seen: Seen[] = [];
  const look = async (one: Files, read: MaskReader) => seenOf(one, await decode(one, read), read, ignore, memory);
  for (const one of files) seen.push(await look(one, colours ? colourValues : byValue));
  if (!seen.some(({ scan }) => scan.alpha === "mask")) return seen;
  // A mask of one opaque colour is all foreground where alpha marks it in the other masks; where both kinds occur, it is ambiguous.
  const byColour = seen.find(({ scan }) => scan.alpha === "colours");
  for (const [i, { scan }] of seen.entries()) {
    if (scan.alpha !== "even" || scan.kind === "alpha") continue;
    if (byColour) {
      const mixed = `in some masks alpha marks the foreground, in ${byColour.scan.file} colours do`;
      throw new LovaszError("data", `${scan.file} is one colour, but ${mixed}; save all masks without transparency, in grey`);
    }
    seen[i] = await look(files[i], byAlpha);
  }
  return seen;
}

function seenOf(files: Files, decoded: Decoded, read: MaskReader, ignore: readonly number[], memory: Memory): Seen {
  const { pixels, values, wasTurned, paged } = decoded;
  const { kind, lossy, white, black, hidden, isSoft, alpha } = values;
  const counts = countsOf(values);
  const ignored = ignore.filter((value) => counts.has(value)).length;
  const contacts = counts.size - ignored === MAY_HAVE_BORDER ? contactsOf(values) : new Map();
  const scan = { file: files.truth.shown, kind, lossy, white, black, hidden, isSoft, alpha, counts, contacts };
  const { width, height } = pixels;
  const held = memory.take(pixels.rgb.byteLength + values.values.byteLength) ? decoded : null;
  return { ...files, width, height, scan, wasTurned, paged, read, held };
}

// with so many values that are not ignored, one may be a border: background, foreground, and the border
const MAY_HAVE_BORDER = 3;

async function decode({ picture, truth }: Files, read: MaskReader): Promise<Decoded> {
  const rasters = [await readRaster(picture), await readRaster(truth)] as const;
  const together = about(rasters[0].orientation === 1 ? truth : picture, () => upright(...rasters));
  const sizes = [together.mask, together.picture].map(({ width, height }) => `${width} x ${height}`);
  if (sizes[0] !== sizes[1]) {
    throw new LovaszError("data", `${truth.shown} is ${sizes[0]} pixels, but ${picture.shown} is ${sizes[1]}; save both in one size`);
  }
  const values = about(truth, () => read(together.mask));
  const paged = [picture, truth].filter((_, i) => rasters[i].pages > 1);
  return { pixels: pixelsOf(asPicture(together.picture)), values, wasTurned: together.wasTurned, paged };
}

function notesOf(seen: readonly Seen[]): string[] {
  const turned = seen.filter(({ wasTurned }) => wasTurned).map(({ picture }) => picture.shown);
  const paged = seen.flatMap((one) => one.paged).map(({ shown }) => shown);
  const notes: string[] = [];
  if (turned.length > 0) notes.push(`${withMore(turned)} stored turned, as EXIF says; picture and mask are brought together`);
  if (paged.length > 0) notes.push(`${withMore(paged)} made of several pages, of which the first is read`);
  return notes;
}

// "a.png is", "a.png and 3 more are"
function withMore(names: readonly string[]): string {
  return names.length > 1 ? `${names[0]} and ${names.length - 1} more are` : `${names[0]} is`;
}

function about<T>({ shown }: DataFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new LovaszError("data", `${shown} ${(error as Error).message}`, { cause: error });
  }
}

function pictureFrom(seen: Seen, { labelOf }: Labelling, { classes }: LabelOptions): Picture {
  const { name, width, height, scan } = seen;
  const counts = new Array<number>(classes ?? 2).fill(0);
  let ignored = 0;
  for (const [value, count] of scan.counts) {
    const label = labelOf(value);
    if (label === IGNORED) ignored += count;
    else counts[label] += count;
  }
  let sample: Sample | null = null;
  const read = async () => {
    if (sample) return sample;
    const { pixels, values } = seen.held ?? (await decode(seen, seen.read));
    if (pixels.width !== width || pixels.height !== height || values.kind !== scan.kind)
      throw new LovaszError("data", `${seen.picture.shown} or ${seen.truth.shown} was changed while it was used; start again`);
    const made = { ...pixels, name, labels: labelsOf(values, labelOf) };
    if (seen.held) sample = made;
    seen.held = null;
    return made;
  };
  return { name, width, height, counts, ignored, read };
}

function labelsOf({ values, kind }: MaskValues, labelOf: Labelling["labelOf"]): Uint8Array {
  if (kind !== "colour") {
    const table = Uint8Array.from({ length: 2 ** 16 }, (_, value) => labelOf(value));
    const labels = new Uint8Array(values.length);
    for (let i = 0; i < labels.length; i++) labels[i] = table[values[i]];
    return labels;
  }
  return Uint8Array.from(values, labelOf);
}

function doubtsOf(pictures: readonly Picture[], folder: string, { classes, colours }: LabelOptions): string[] {
  const total = totals(pictures);
  const doubts: string[] = [];
  const unlabelled = pictures.filter(({ counts }) => counts.every((count) => count === 0));
  if (unlabelled.length > 0)
    doubts.push(`${withMore(unlabelled.map(({ name }) => name))} ignored all over, so nothing can be learned there`);
  if (classes === null) {
    if (total[1] === 0) doubts.push(`${folder} marks no foreground in any mask`);
    else if (total[0] === 0) doubts.push(`${folder} marks every pixel of every mask as foreground`);
    return doubts;
  }
  const missing = [...total.keys()].filter((one) => total[one] === 0);
  const which = `${missing.length > 1 ? "classes" : "class"} ${listed(missing.map((one) => classInWords(one, colours?.names ?? null)))}`;
  if (missing.length > 0) doubts.push(`${folder} has no pixel of ${which}`);
  return doubts;
}

/** A class by its number and, where there are names, its name. */
export function classInWords(label: number, names: readonly string[] | null): string {
  return names === null ? String(label) : `${label} (${names[label]})`;
}

/** How many pixels each class has in all `pictures`. */
export function totals(pictures: readonly Picture[]): number[] {
  const all = new Array<number>(pictures[0]?.counts.length ?? 0).fill(0);
  for (const { counts } of pictures) for (const [label, count] of counts.entries()) all[label] += count;
  return all;
}

const KINDS = { grey: "grey values", index: "indices of palettes", alpha: "alpha", colour: "colours" } as const;

function valuesOf(seen: readonly Seen[]): string {
  const all = together(seen.map(({ scan }) => scan));
  const white = Math.max(...seen.map(({ scan }) => scan.white));
  const kinds = new Set(seen.map(({ scan }) => KINDS[scan.kind]));
  return `${valuesInWords(all, white)} (${listed([...kinds])})`;
}

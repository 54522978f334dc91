// The file of --colours: which class each colour of a mask is.
import { IGNORED } from "../../model/ignored.js";
import { describe } from "../../options.js";

/** The classes of colours. */
export interface Colours {
  /** The file, for people. */
  readonly file: string;
  /** How many classes there are. */
  readonly classes: number;
  /** Their names, where the file gives any. */
  readonly names: readonly string[] | null;
  /** The class of each colour 0xrrggbb, IGNORED for pixels that are left out. */
  readonly labels: ReadonlyMap<number, number>;
}

/** A colour of the file, and its class: a number, a name, null for ignored pixels, undefined for a class of its own. */
interface Entry {
  readonly where: string;
  readonly rgb: number;
  readonly of: number | string | null | undefined;
}

/**
 * The classes that `text` gives to colours, as JSON or as lines of text. JSON is { "#rrggbb": class } with numbers, names, or null for
 * ignored pixels, or a list of "#rrggbb" or [r, g, b] in the order of the classes; a line is "r g b name" or "#rrggbb name", in that
 * order. Colours of one name are one class, and "ignore" and "void" name ignored pixels. Throws an Error that goes on after the file's
 * name.
 */
export function parseColours(text: string): Omit<Colours, "file"> {
  const trimmed = text.trim();
  const entries = /^[{[]/.test(trimmed) ? entriesOfJson(trimmed) : entriesOfLines(trimmed);
  const seen = new Map<number, string>();
  for (const { where, rgb } of entries) {
    const before = seen.get(rgb);
    if (before !== undefined) throw new Error(`names ${hexOf(rgb)} twice, in ${before} and in ${where}; remove one of them`);
    seen.set(rgb, where);
  }
  const isNumbered = entries.some(({ of }) => typeof of === "number");
  const read = isNumbered ? numbered(entries) : inOrder(entries);
  // one more would have the label of ignored pixels
  if (read.classes >= 2 && read.classes <= IGNORED) return read;
  throw new Error(`gives colours to ${read.classes === 1 ? "1 class" : `${read.classes} classes`}, expected 2 to ${IGNORED}`);
}

/** 0xrrggbb as #rrggbb. */
export function hexOf(rgb: number): string {
  return `#${rgb.toString(16).padStart(6, "0")}`;
}

type Classes = Omit<Colours, "file">;

// what data sets call pixels that nobody could label
const isAside = (of: Entry["of"]) => of === null || (typeof of === "string" && /^(ignored?|void)$/i.test(of));

function inOrder(entries: readonly Entry[]): Classes {
  const labels = new Map<number, number>();
  const names: (string | null)[] = [];
  for (const { rgb, of } of entries) {
    const known = typeof of === "string" ? names.indexOf(of) : -1;
    labels.set(rgb, isAside(of) ? IGNORED : known >= 0 ? known : names.push((of as string | undefined) ?? null) - 1);
  }
  const known = names.some((name) => name !== null) ? names.map((name, label) => name ?? String(label)) : null;
  return { classes: names.length, names: known, labels };
}

function numbered(entries: readonly Entry[]): Classes {
  const labels = new Map<number, number>();
  for (const { where, rgb, of } of entries) {
    if (!isAside(of) && !(Number.isInteger(of) && Number(of) >= 0 && Number(of) < IGNORED)) {
      throw new Error(`gives ${where} the class ${describe(of)}, expected 0 to ${IGNORED - 1}, or null for ignored pixels`);
    }
    labels.set(rgb, isAside(of) ? IGNORED : Number(of));
  }
  const present = new Set(labels.values());
  present.delete(IGNORED);
  const missing = Array.from(present, (_, label) => label).find((label) => !present.has(label));
  if (missing !== undefined) throw new Error(`gives no colour to class ${missing}; number the classes from 0 without gaps`);
  return { classes: present.size, names: null, labels };
}

function entriesOfJson(text: string): Entry[] {
  const json = parseJson(text);
  if (Array.isArray(json)) return json.map((item, i) => entryOfItem(item, `[${i}]`));
  return Object.entries(json as object).map(([key, of]) => {
    const rgb = colourOf(key);
    if (rgb === null) throw new Error(`has the key ${describe(key)}, expected a colour such as "#ff0000"`);
    if (of === null || typeof of === "number" || (typeof of === "string" && of.trim() !== "")) return { where: key, rgb, of };
    throw new Error(`gives ${key} the class ${describe(of)}, expected a number, a name, or null for ignored pixels`);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`is not JSON (${(error as Error).message})`);
  }
}

function entryOfItem(item: unknown, where: string): Entry {
  const rgb = typeof item === "string" ? colourOf(item) : Array.isArray(item) && item.length === 3 ? rgbOf(item) : null;
  if (rgb !== null) return { where, rgb, of: undefined };
  throw new Error(`has ${describe(item)} at ${where}, expected a colour such as "#ff0000" or [255, 0, 0]`);
}

const LINE = /^(#[0-9a-f]{6}|\d+[\s,;]+\d+[\s,;]+\d+)(?:[\s,;:]+(.*))?$/i;

function entriesOfLines(text: string): Entry[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, i) => {
    const entry = line.trim();
    // a # and a space begin a comment; without a space it is a colour
    if (entry === "" || /^#(\s|$)/.test(entry)) return [];
    const [, colour, name] = LINE.exec(entry) ?? [];
    const rgb = colour === undefined ? null : colourOf(colour);
    // a fourth number is alpha, or the first is the number of the class
    if (rgb === null || /^\d+([\s,;:]|$)/.test(name ?? ""))
      throw new Error(`has ${describe(entry)} in line ${i + 1}, expected "r g b name" with r, g and b from 0 to 255, or "#rrggbb name"`);
    return [{ where: `line ${i + 1}`, rgb, of: name || undefined }];
  });
}

function colourOf(text: string): number | null {
  if (/^#[0-9a-f]{6}$/i.test(text)) return Number.parseInt(text.slice(1), 16);
  return /^\d+[\s,;]+\d+[\s,;]+\d+$/.test(text) ? rgbOf(text.split(/[\s,;]+/).map(Number)) : null;
}

function rgbOf(channels: readonly unknown[]): number | null {
  const isByte = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255;
  return channels.every(isByte) ? channels.reduce<number>((sum, value) => 256 * sum + Number(value), 0) : null;
}

// The pictures in a folder and its subfolders, by their stems, and what else lies there.
import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { counted } from "../../counted.js";
import { LovaszError } from "../../index.js";
import { absolute } from "../workingFolder.js";
import { listed } from "./valuesInWords.js";

/** A file: its path (bytes where the name is not UTF-8), and how messages show it. */
export interface DataFile {
  readonly path: string | Buffer;
  readonly shown: string;
}

/** What a folder holds. */
export interface Listing {
  /** Files that are read, by their path in the folder without extension, in the order of these stems. */
  readonly files: ReadonlyMap<string, DataFile>;
  /** How many files are not read, by extension. */
  readonly unread: ReadonlyMap<string, number>;
}

/** What is passed over. */
export interface Aside {
  /** A folder below, by its real path. */
  readonly folder?: string | null;
  /** Whether a file that could be read is none of the pictures. */
  readonly isAside?: (file: DataFile) => boolean;
}

const READABLE = [".png", ".jpg", ".jpeg", ".jfif", ".jpe", ".jif", ".tif", ".tiff"];

// Files that nobody takes for pictures.
const NO_PICTURES = [".txt", ".md", ".json", ".xml", ".csv", ".tsv", ".yaml", ".yml", ".html", ".ini", ".db", ".pdf", ".zip", ".log"];

// what operating systems and network drives add to folders
const ASIDE = ["Thumbs.db", "desktop.ini", "__MACOSX", "@eaDir"];

/** The pictures below `folder`, through links; throws `LovaszError` "data" where two have one stem, or it cannot be read. */
export async function listFiles(
  folder: string,
  need: string,
  { folder: aside = null, isAside = () => false }: Aside = {},
): Promise<Listing> {
  const files = new Map<string, DataFile>();
  const unread = new Map<string, number>();
  const count = (extension: string) => unread.set(extension, (unread.get(extension) ?? 0) + 1);
  // absolute, as pictures may be read again after the working directory was deleted
  await walk({ path: absolute(folder), shown: folder }, "", { need, aside }, new Set(), (stem, extension, file) => {
    if (!READABLE.includes(extension)) {
      if (!NO_PICTURES.includes(extension)) count(extension);
      return;
    }
    if (isAside(file)) return;
    const twin = files.get(stem);
    if (twin) throw new LovaszError("data", `${twin.shown} and ${file.shown} have the same stem; remove one of them`);
    files.set(stem, file);
  });
  return { files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))), unread };
}

/** For example "3 .bmp files and 1 .gif file are not read; convert them to PNG"; empty where all files are read. */
export function unreadInWords({ unread }: Listing): string {
  if (unread.size === 0) return "";
  const kinds = [...unread].map(([extension, count]) => `${counted(count, `${extension || "nameless"} file`)}`);
  const one = kinds.length === 1 && unread.values().next().value === 1;
  return `${listed(kinds)} ${one ? "is" : "are"} not read; convert ${one ? "it" : "them"} to PNG`;
}

/** What a walk is told once. */
interface Walk {
  readonly need: string;
  readonly aside: string | null;
}

type Visit = (stem: string, extension: string, file: DataFile) => void;

async function walk(folder: DataFile, within: string, told: Walk, above: Set<string>, visit: Visit): Promise<void> {
  const { path, shown } = folder;
  const names = await readdir(path, { encoding: "buffer" }).catch((error: NodeJS.ErrnoException) => {
    throw new LovaszError("data", `${shown} ${whyNot(error)}; ${told.need}`, { cause: error });
  });
  const real = await realpath(path);
  // a link may lead back to a folder that it lies in
  if (above.has(real)) return;
  if (above.size > 0 && real === told.aside) return;
  for (const name of names.sort(Buffer.compare)) {
    const text = textOf(name);
    if (text.startsWith(".") || ASIDE.includes(text)) continue;
    const file = { path: pathOf(path, name), shown: join(shown, text) };
    // a broken link is refused where it is read
    const isFolder = await stat(file.path).then(
      (status) => status.isDirectory(),
      () => false,
    );
    const extension = extname(text).toLowerCase();
    // one system spells an accented letter as one character, another as two
    const stem = (within + text.slice(0, text.length - extension.length)).normalize("NFC");
    if (isFolder) await walk(file, `${within}${text}/`, told, new Set(above).add(real), visit);
    else visit(stem, extension, file);
  }
}

function whyNot({ code }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "does not exist";
  return code === "ENOTDIR" ? "is not a folder" : `cannot be read (${code})`;
}

const isText = (name: Buffer) => Buffer.from(name.toString("utf8")).equals(name);

// names that are not UTF-8 are shown as Latin-1, which they mostly are
function textOf(name: Buffer): string {
  return name.toString(isText(name) ? "utf8" : "latin1");
}

function pathOf(folder: string | Buffer, name: Buffer): string | Buffer {
  if (typeof folder === "string" && isText(name)) return join(folder, name.toString("utf8"));
  return Buffer.concat([Buffer.from(folder), Buffer.from("/"), name]);
}

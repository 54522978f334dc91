// A saved project, from a zip file that may be anything, or from what was unpacked of one.
import { HELD_OUT, UNPAINTED } from "../messages.js";
import { faults } from "../strings.js";
import { decodeLabels } from "./decodeLabels.js";
import { MANIFEST, type Manifest, NETWORK, type ProjectClass, VERSION } from "./project.js";
import { type Entry, readZip } from "./readZip.js";

/** A project as it was saved. */
export interface OpenedProject {
  readonly classes: readonly ProjectClass[];
  readonly pictures: readonly {
    readonly name: string;
    readonly file: Blob;
    readonly width: number;
    readonly height: number;
    /** A label a pixel, with HELD_OUT where the stroke is kept back. */
    readonly strokes: Uint8Array;
  }[];
  /** The network as safetensors; null where there was none yet. */
  readonly network: Blob | null;
}

/** Of the files that are read, and of the labels: more than a page can hold. */
const MOST_BYTES = 2 ** 30;
const MOST_MANIFEST = 2 ** 22;

/** The project in `file`, or in the files of a folder; rejects with an Error for a person, which says what is missing or damaged. */
export async function openProject(file: Blob | ReadonlyMap<string, Entry>, name = "the file"): Promise<OpenedProject> {
  const about = (what: string) => (error: unknown) => {
    throw new Error(faults.sentence(what, (error as Error).message), { cause: error });
  };
  const entries = file instanceof Blob ? await readZip(file).catch(about(name)) : file;
  const folder = folderOf([...entries.keys()]);
  if (folder === null) throw new Error(faults.project.none(name, MANIFEST));
  const find = (path: string): Entry => {
    const entry = entries.get(folder + path);
    if (!entry) throw new Error(faults.project.missing(path, name));
    return entry;
  };
  const read = (path: string) =>
    find(path)
      .read()
      .catch(about(faults.within(path, name)));
  const refuseOver = (most: number, paths: readonly string[]) => {
    const size = paths.reduce((sum, path) => sum + find(path).size, 0);
    if (size > most) throw new Error(faults.project.bytes(name, size, most));
  };
  refuseOver(MOST_MANIFEST, [MANIFEST]);
  const { classes, pictures } = manifestOf(await (await read(MANIFEST)).text(), faults.within(MANIFEST, name));
  const hasNetwork = entries.has(folder + NETWORK);
  refuseOver(MOST_BYTES, [...pictures.flatMap(pathsOf), ...(hasNetwork ? [NETWORK] : [])]);
  const pixels = pictures.reduce((sum, { width, height }) => sum + width * height, 0);
  if (pixels > MOST_BYTES) throw new Error(faults.project.pixels(name, pixels, MOST_BYTES));
  const opened: OpenedProject["pictures"][number][] = [];
  for (const { name: called, width, height, image, strokes, heldOut } of pictures) {
    const readLabels = async (path: string) => decodeLabels(await read(path), { width, height }).catch(about(faults.within(path, name)));
    const { labels, found } = await readLabels(strokes);
    const wrong = found.find((label) => label >= classes.length && label !== UNPAINTED);
    if (wrong !== undefined) throw new Error(faults.project.strokes(faults.within(strokes, name), wrong, classes.length));
    if (heldOut !== undefined) hold(labels, (await readLabels(heldOut)).labels);
    opened.push({ name: called, file: await read(image), width, height, strokes: labels });
  }
  return { classes, pictures: opened, network: hasNetwork ? await read(NETWORK) : null };
}

function pathsOf({ image, strokes, heldOut }: Manifest["pictures"][number]): string[] {
  return [image, strokes, ...(heldOut === undefined ? [] : [heldOut])];
}

/** Marks the strokes that are held out. */
function hold(labels: Uint8Array, heldOut: Uint8Array): void {
  for (let i = 0; i < labels.length; i++) if (heldOut[i] !== 0 && labels[i] !== UNPAINTED) labels[i] |= HELD_OUT;
}

/** The folder in which the project lies: who packs an unpacked one often packs its folder. Null where there is none. */
function folderOf(paths: readonly string[]): string | null {
  const found = paths.filter((path) => path === MANIFEST || path.endsWith(`/${MANIFEST}`));
  const [first] = found.sort((a, b) => a.length - b.length);
  return first === undefined ? null : first.slice(0, -MANIFEST.length);
}

function manifestOf(text: string, where: string): Manifest {
  const manifest = parsed(text);
  if (manifest?.version !== VERSION) {
    const why = typeof manifest?.version === "number" ? faults.project.version(manifest.version, VERSION) : faults.damaged;
    throw new Error(faults.sentence(where, why));
  }
  const { classes, pictures } = manifest as { classes: unknown; pictures: unknown };
  if (!Array.isArray(classes) || classes.length < 2 || classes.length >= HELD_OUT || !classes.every(isClass)) {
    throw new Error(faults.sentence(where, faults.project.noClasses));
  }
  if (!Array.isArray(pictures) || !pictures.every(isPicture)) throw new Error(faults.sentence(where, faults.project.noPictures));
  return { version: VERSION, classes, pictures };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function isClass(value: unknown): value is ProjectClass {
  const { name, colour } = (value ?? {}) as Partial<ProjectClass>;
  return typeof name === "string" && /^#[0-9a-f]{6}$/i.test(String(colour));
}

function isPicture(value: unknown): value is Manifest["pictures"][number] {
  const { name, width, height, image, strokes, heldOut = "" } = (value ?? {}) as Partial<Manifest["pictures"][number]>;
  const isText = [name, image, strokes, heldOut].every((one) => typeof one === "string");
  return isText && [width, height].every((one) => Number.isInteger(one) && (one as number) > 0);
}

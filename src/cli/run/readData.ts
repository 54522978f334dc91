// The pictures of a run: those for training and those for validation.
import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { counted } from "../../counted.js";
import { LovaszError } from "../../index.js";
import { ignoreOf } from "../../model/model.js";
import { labelOptions } from "../commands/labelOptions.js";
import { readExample } from "../data/example.js";
import { classInWords, readFolder, totals } from "../data/folder.js";
import type { LabelOptions } from "../data/labelling.js";
import { HELD_BYTES, Memory, type Picture, pictureOf } from "../data/picture.js";
import { DEFAULT_SHARE, split } from "../data/split.js";
import { truthFolder } from "../data/truthFolder.js";
import { listed } from "../data/valuesInWords.js";
import { WrongCall } from "../exits.js";
import type { TrainOptions } from "./options.js";
import type { Data } from "./run.js";

/**
 * The pictures that a call of `lovasz train` asks for; throws `LovaszError` "data", also where the training pictures have a
 * single class, and `WrongCall`.
 */
export async function readData(options: TrainOptions): Promise<Data> {
  const { data, val, example, seed } = options;
  const reading = labelOptions(options);
  const { threshold, colours } = reading;
  const told = { ignore: ignoreOf(reading.ignore), threshold, classNames: colours?.names ?? null };
  if (example) {
    const { training, validation } = await readExample();
    const [east, west] = [training, validation].map((samples) => samples.map((sample) => pictureOf(sample, 2)));
    const source = "water in satellite pictures, east for training and west for validation";
    return { training: east, validation: west, source, ...told, doubts: [] };
  }
  const folder = data as string;
  const share = typeof val === "number" ? val : DEFAULT_SHARE;
  if (typeof val === "string" && (await real(folder)) === (await real(val)))
    throw new WrongCall("--val is the folder of --data; pass another one, or a share such as 0.2 that is held back");
  const memory = new Memory();
  const first = await readFolder(folder, reading, memory);
  const second = typeof val === "string" ? await readFolder(val, reading, memory) : null;
  const { training, validation } = second ? { training: first.pictures, validation: second.pictures } : split(first.pictures, seed, share);
  refuseOneClass(training, folder, reading, second ? null : share);
  const source = second ? `${folder}, validated on ${val}` : `${folder}, ${inWords(share)} of it held back for validation`;
  return {
    training,
    validation,
    source,
    ...told,
    doubts: [...first.doubts, ...(second?.doubts ?? []), ...doubtOfMemory(memory)],
  };
}

function doubtOfMemory({ refused }: Memory): string[] {
  if (refused === 0) return [];
  const which = `${counted(refused, "picture")} ${refused === 1 ? "does" : "do"} not fit into the ${HELD_BYTES / 2 ** 20} MiB for decoded pictures`;
  return [`${which} and will be read again in every epoch; crop or shrink pictures to train faster`];
}

// a single class leaves nothing to learn
function refuseOneClass(training: readonly Picture[], folder: string, reading: LabelOptions, held: number | null): void {
  const { classes, ignore, colours } = reading;
  const present = totals(training).flatMap((count, label) => (count > 0 ? [label] : []));
  if (present.length > 1) return;
  const where = truthFolder(folder, reading);
  const aside =
    ignore.length === 0 ? "" : ` besides the ${ignore.length > 1 ? "values" : "value"} ${listed(ignore.map(String))} of --ignore`;
  const only = present.map((one) => classInWords(one, colours?.names ?? null)).join("") || "none";
  const what = classes === null ? ["no foreground", "nothing but foreground"][present[0] ?? 0] : `only class ${only}`;
  const need = classes === null ? "training needs foreground and background" : "training needs at least two classes";
  const split = held === null ? "" : `, from which ${inWords(held)} is held back (--seed draws another, --val replaces it)`;
  throw new LovaszError("data", `${where} marks ${what}${aside} in the pictures for training${split}; ${need}: see lovasz inspect`);
}

function inWords(share: number): string {
  return share === DEFAULT_SHARE ? "a fifth" : `${Number((100 * share).toPrecision(6))} %`;
}

// where a path leads to, through links
function real(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

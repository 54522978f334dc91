// The pictures of a run: those for training and those for validation.
import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { counted } from "../../counted.js";
import { LovaszError } from "../../index.js";
import { labelOptions } from "../commands/labelOptions.js";
import { readExample } from "../data/example.js";
import { readFolder, totals } from "../data/folder.js";
import type { LabelOptions } from "../data/labelling.js";
import { HELD_BYTES, Memory, type Picture, pictureOf } from "../data/picture.js";
import { split } from "../data/split.js";
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
  const { ignore, threshold } = reading;
  if (example) {
    const { training, validation } = await readExample();
    const [east, west] = [training, validation].map((samples) => samples.map((sample) => pictureOf(sample, 2)));
    const source = "water in satellite pictures, east for training and west for validation";
    return { training: east, validation: west, source, ignore, threshold, doubts: [] };
  }
  const folder = data as string;
  if (val !== undefined && (await real(folder)) === (await real(val)))
    throw new WrongCall("--val is the folder of --data; pass another one, or leave --val out to hold a fifth back");
  const memory = new Memory();
  const first = await readFolder(folder, reading, memory);
  const second = val === undefined ? null : await readFolder(val, reading, memory);
  const { training, validation } = second ? { training: first.pictures, validation: second.pictures } : split(first.pictures, seed);
  refuseOneClass(training, folder, reading, val === undefined);
  const source = val === undefined ? `${folder}, a fifth of it held back for validation` : `${folder}, validated on ${val}`;
  return {
    training,
    validation,
    source,
    ignore,
    threshold,
    doubts: [...first.doubts, ...(second?.doubts ?? []), ...doubtOfMemory(memory)],
  };
}

function doubtOfMemory({ refused }: Memory): string[] {
  if (refused === 0) return [];
  const which = `${counted(refused, "picture")} ${refused === 1 ? "does" : "do"} not fit into the ${HELD_BYTES / 2 ** 20} MiB for decoded pictures`;
  return [`${which} and will be read again in every epoch; crop or shrink pictures to train faster`];
}

// a single class leaves nothing to learn
function refuseOneClass(training: readonly Picture[], folder: string, { classes, ignore }: LabelOptions, isSplit: boolean): void {
  const present = totals(training).flatMap((count, label) => (count > 0 ? [label] : []));
  if (present.length > 1) return;
  const where = join(folder, classes === null ? "masks" : "classes");
  const aside = ignore === null ? "" : ` besides the value ${ignore} of --ignore`;
  const what = classes === null ? ["no foreground", "nothing but foreground"][present[0] ?? 0] : `only class ${present.join("") || "none"}`;
  const need = classes === null ? "training needs foreground and background" : "training needs at least two classes";
  const split = isSplit ? ", from which a fifth is held back (--seed draws another, --val replaces it)" : "";
  throw new LovaszError("data", `${where} marks ${what}${aside} in the pictures for training${split}; ${need}: see lovasz inspect`);
}

// where a path leads to, through links
function real(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

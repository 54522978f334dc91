// A whole call of `lovasz sketch count`.
import type { SketchLoss } from "../../sketch/summary.js";
import { WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { onThreads } from "../onThreads.js";
import { countArrays, readLabelled } from "./countArrays.js";
import { countPictures } from "./countPictures.js";
import type { CountOptions } from "./options.js";
import { type Found, mergeParts, type Part } from "./part.js";
import { linesOf } from "./source.js";
import { writePart } from "./writePart.js";

/** Counts what the options name, or what the lines of standard input name, and writes a part. */
export async function count(options: CountOptions, io: Io): Promise<void> {
  const { values, labels, model, data, out } = options;
  const arrays = values !== undefined || labels !== undefined;
  const pictures = model !== undefined || data !== undefined;
  if (arrays && pictures) throw new WrongCall("--values with --labels and --model with --data are two ways; leave out one of them");
  if (!pictures) refuse(options, ["part", "threshold", "maskSuffix", "colours", "threads"], "is for --model and --data");
  if (pictures) refuse(options, ["shape"], "is for --values");
  if (!arrays && !pictures) refuse(options, ["name"], "names one part, but each line of standard input is a part");
  const part = pictures
    ? await onThreads(options.threads, () => countPictures(options, io))
    : arrays
      ? await countOne(options)
      : await countLines(options, io);
  if (part) writePart(part, out, io);
}

const DASHED = {
  part: "--part",
  threshold: "--threshold",
  maskSuffix: "--mask-suffix",
  colours: "--colours",
  shape: "--shape",
  name: "--name",
  threads: "--threads",
};

function refuse(options: CountOptions, names: readonly (keyof typeof DASHED)[], why: string): void {
  for (const name of names) if (options[name] !== undefined) throw new WrongCall(`${DASHED[name]} ${why}; leave it out`);
}

async function countOne(options: CountOptions): Promise<Part> {
  const kind = kindOf(options);
  const { name = options.values as string, bins } = options;
  return { names: [name], ...countArrays(kind, await readLabelled(kind, options), bins) };
}

// null where there are no lines, as of an empty partition
async function countLines(options: CountOptions, io: Io): Promise<Part | null> {
  const kind = kindOf(options);
  return mergeParts(counted());

  async function* counted(): AsyncGenerator<Found> {
    let number = 0;
    for await (const line of linesOf(io)) {
      number++;
      if (line.trim() === "") continue;
      const [values, labels, name, ...more] = line.split("\t");
      if (labels === undefined || more.length > 0) {
        const cure = "expected the file of logits, a tab and the file of labels, and perhaps a tab and a name";
        throw new WrongCall(`line ${number} of standard input is ${JSON.stringify(line.slice(0, 80))}; ${cure}`);
      }
      yield {
        part: await countOne({ ...options, values, labels, kind, ...(name === undefined ? {} : { name }) }),
        from: `line ${number} of standard input`,
      };
    }
  }
}

function kindOf({ kind }: CountOptions): SketchLoss {
  if (kind !== undefined) return kind;
  throw new WrongCall("--kind is missing; pass hinge, sigmoid or softmax, the loss of the logits");
}

// Counts the errors of a model on a folder of pictures, or on a share of them.
import { basename, resolve } from "node:path";
import { IGNORED } from "../../model/ignored.js";
import { Score } from "../../model/score.js";
import { taskOf } from "../../model/task.js";
import { merge } from "../../sketch/merge.js";
import { sketch } from "../../sketch/sketch.js";
import type { SketchLoss } from "../../sketch/summary.js";
import { readFolder } from "../data/folder.js";
import { tellDoubts } from "../doubts.js";
import { asTrained } from "../eval/asTrained.js";
import { predictSample } from "../eval/predictSample.js";
import { WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { loadModel } from "../model/savedModel.js";
import type { CountOptions } from "./options.js";
import type { Part } from "./part.js";

/** The part that `options` ask for. Throws `WrongCall`, and `LovaszError` where model or data cannot be read. */
export async function countPictures(options: CountOptions, io: Io): Promise<Part> {
  const { model, data, part, bins, kind: asked } = options;
  if (model === undefined || data === undefined)
    throw new WrongCall("--model and --data go together; pass the model and the folder of pictures");
  const known = await loadModel(model);
  try {
    const task = taskOf(known.classes ?? 1);
    const kind = kindOf(asked, known.classes);
    const { reading, notes } = asTrained({ ...options, model, data }, known);
    const { pictures, doubts } = await readFolder(data, reading);
    tellDoubts(doubts, io);
    for (const note of notes) io.stderr.write(`${note}\n`);
    const score = new Score(task);
    const settings = { ignore: IGNORED, ...(bins === undefined ? {} : { bins }) };
    let summary = sketch(kind, new Float32Array(0), [], { ...settings, shape: [0, task.outChannels] });
    const own = part ? pictures.filter((_, i) => i % part.of === part.number - 1) : pictures;
    for (const picture of own) {
      const sample = await picture.read();
      const predicted = await predictSample(known, task, sample, (logits, truth) => {
        summary = merge(summary, sketch(kind, logits, truth, { ...settings, shape: [1, task.outChannels, truth.length] }));
      });
      score.add(predicted, sample.labels);
    }
    return { names: [nameOf(data, options)], confusion: score.confusion, summary };
  } finally {
    known.network.dispose();
  }
}

function kindOf(asked: SketchLoss | undefined, classes: number | null): SketchLoss {
  const own = classes === null ? "hinge" : "softmax";
  if (asked === undefined || (asked === "softmax") === (own === "softmax")) return asked ?? own;
  const says =
    classes === null
      ? "tells foreground from background; pass --kind hinge or sigmoid"
      : `tells ${classes} classes apart; pass --kind softmax`;
  throw new WrongCall(`--kind ${asked} does not fit the model, which ${says}, or leave it out`);
}

function nameOf(data: string, { name, part }: CountOptions): string {
  const folder = basename(resolve(data));
  return name ?? (part ? `${folder} ${part.number}/${part.of}` : folder);
}

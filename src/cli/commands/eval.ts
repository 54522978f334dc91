// `lovasz eval`: scores a saved model on a data folder.
import { Command } from "commander";
import { counted } from "../../counted.js";
import type { Model } from "../../model/model.js";
import { path } from "../arguments.js";
import type { LabelOptions } from "../data/labelling.js";
import { tellDoubts } from "../doubts.js";
import { WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { plain } from "../plain.js";
import { ignoreOption, labelOptions, thresholdOption } from "./labelOptions.js";

interface Options {
  model: string;
  data: string;
  json?: boolean;
  ignore?: number;
  threshold?: number;
}

/** The command, to be added to the program. */
export function evalCommand(io: Io): Command {
  return new Command("eval")
    .description("score a model that lovasz train wrote: IoU, mean IoU of the images, and Dice")
    .requiredOption("--model <file>", "the .safetensors file", path)
    .requiredOption(
      "--data <dir>",
      "folder with images/, and masks/ (or classes/, if the model was trained with --classes) of the same stems",
      path,
    )
    .addOption(ignoreOption())
    .addOption(thresholdOption())
    .option("--json", 'print { "iou", "meanImageIoU", "dice" } and nothing else')
    .addHelpText("after", "\n--ignore and --threshold default to those of the training, where the model file records them.")
    .action((options: Options) => evaluate(options, io));
}

async function evaluate(options: Options, io: Io): Promise<void> {
  const { model, data, json } = options;
  const [{ loadModel }, { readFolder }, { scalingOf }, { predictLabels }, { Score }, { taskOf }, { percent }] = await Promise.all([
    import("../model/savedModel.js"),
    import("../data/folder.js"),
    import("../../model/normalisation.js"),
    import("../../model/predictLabels.js"),
    import("../../model/score.js"),
    import("../../model/task.js"),
    import("../run/outcome.js"),
  ]);
  const { network, ...info } = await loadModel(model);
  const task = taskOf(info.classes ?? 1);
  const score = new Score(task);
  try {
    const { reading, notes } = asTrained(options, info);
    const { pictures, doubts } = await readFolder(data, reading);
    tellDoubts(doubts, io);
    for (const note of notes) (json ? io.stderr : io.stdout).write(`${note}\n`);
    for (const picture of pictures) {
      const sample = await picture.read();
      const pixels = { ...sample, ...scalingOf(sample.rgb, sample.white, info.normalisation) };
      const { labels } = await predictLabels(network, pixels, { task });
      score.add(labels, sample.labels);
    }
  } finally {
    network.dispose();
  }
  const scores = score.scores();
  if (json) {
    io.stdout.write(`${JSON.stringify(scores)}\n`);
    return;
  }
  const count = score.imageIoUs.length;
  io.stdout.write(`${plain(`${model}${info.loss ? `, trained with ${info.loss}` : ""}, on ${counted(count, "picture")} of ${data}`)}:\n`);
  io.stdout.write(`IoU ${percent(scores.iou)}, mean image IoU ${percent(scores.meanImageIoU)}, Dice ${percent(scores.dice)}\n`);
}

/** Reads masks like those that the model was trained on; throws `WrongCall` where an option contradicts the training. */
function asTrained(options: Options, { classes, ignore, threshold }: Omit<Model, "network">): { reading: LabelOptions; notes: string[] } {
  const asked = labelOptions({ ...options, classes: classes ?? undefined });
  refuseOther("--ignore", asked.ignore, ignore);
  refuseOther("--threshold", asked.threshold, threshold);
  const taken = asked.ignore === null && typeof ignore === "number";
  const reading = { ...asked, ignore: asked.ignore ?? ignore ?? null, trainedThreshold: threshold ?? null };
  const notes = taken ? [`pixels of value ${ignore} are ignored, as in the training of the model`] : [];
  return { reading, notes: [...notes, ...unlike("--ignore", asked.ignore, ignore), ...unlike("--threshold", asked.threshold, threshold)] };
}

// the training had no such option, but these masks may need it
function unlike(option: string, asked: number | null, trained: number | null | undefined): string[] {
  return asked !== null && trained === null ? [`the model was trained without ${option}`] : [];
}

function refuseOther(option: string, asked: number | null, trained: number | null | undefined): void {
  if (asked === null || typeof trained !== "number" || asked === trained) return;
  throw new WrongCall(`${option} ${asked} contradicts the model, which was trained with ${option} ${trained}; leave ${option} out`);
}

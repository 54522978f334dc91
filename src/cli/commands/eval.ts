// `lovasz eval`: how good a saved model is on a data folder.
import { Command } from "commander";
import { path, wholeNumber } from "../arguments.js";
import type { Io } from "../io.js";
import { plain } from "../plain.js";

interface Options {
  model: string;
  data: string;
  json?: boolean;
  ignore?: number;
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
    .option("--ignore <n>", "the mask value of void pixels, which count in nothing", wholeNumber(0, 65535))
    .option("--json", 'print { "iou", "meanImageIoU", "dice" } and nothing else')
    .action(async ({ model, data, json, ignore }: Options) => {
      const [{ loadModel }, { readFolder }, { predict }, { score }, { percent }] = await Promise.all([
        import("../model/savedModel.js"),
        import("../data/folder.js"),
        import("../model/predict.js"),
        import("../model/score.js"),
        import("../run/outcome.js"),
      ]);
      const { network, task, loss } = await loadModel(model);
      const samples = await readFolder(data, task, ignore ?? null);
      const predictions = samples.map((sample) => predict(network, sample, task));
      network.dispose();
      const scores = score(task, samples, predictions);
      if (json) {
        io.stdout.write(`${JSON.stringify(scores)}\n`);
        return;
      }
      io.stdout.write(`${plain(`${model}, trained with ${loss}, on ${samples.length} pictures of ${data}`)}:\n`);
      io.stdout.write(`IoU ${percent(scores.iou)}, mean image IoU ${percent(scores.meanImageIoU)}, Dice ${percent(scores.dice)}\n`);
    });
}

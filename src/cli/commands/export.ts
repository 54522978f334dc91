// `lovasz export`: writes a saved model as an ONNX file.
import { stat } from "node:fs/promises";
import { Command } from "commander";
import { path } from "../arguments.js";
import { WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { plain } from "../plain.js";
import { writeWhole } from "../writeWhole.js";

interface Options {
  model: string;
  onnx: string;
}

/** The command, to be added to the program. */
export function exportCommand(io: Io): Command {
  return new Command("export")
    .description("write a model that lovasz train wrote as ONNX, for ONNX Runtime in a page, in Python and elsewhere")
    .requiredOption("--model <file>", "the .safetensors file", path)
    .requiredOption("--onnx <file>", "the .onnx file to write", path)
    .action((options: Options) => exportModel(options, io));
}

async function exportModel({ model: file, onnx }: Options, io: Io): Promise<void> {
  if (await isSame(file, onnx)) throw new WrongCall("--onnx names the model file itself; choose another name, such as model.onnx");
  const [{ loadModel }, { toOnnx }] = await Promise.all([import("../model/savedModel.js"), import("../../model/toOnnx.js")]);
  const model = await loadModel(file);
  try {
    await writeWhole(onnx, toOnnx(model));
  } finally {
    model.network.dispose();
  }
  const { classes } = model;
  const shapes = `from picture [batch, 3, height, width], values 0 to 255, to logits [batch, ${classes ?? 1}, height, width]`;
  io.stdout.write(`${plain(onnx)}: ${shapes}, ${classes === null ? "above 0 in the foreground" : `of ${classes} classes`}\n`);
}

// whatever the paths look like, and through links; where a file is missing, they differ
async function isSame(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((file) => stat(file, { bigint: true }).catch(() => null)));
  return first !== null && second !== null && first.dev === second.dev && first.ino === second.ino;
}

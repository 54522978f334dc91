// The files of trained models.
import { LovaszError } from "../../index.js";
import type { Model } from "../../model/model.js";
import { readNetwork } from "../../model/readNetwork.js";
import { readBytes } from "../data/readBytes.js";

// twice what a U-Net of width 64 and 6 levels takes
const MOST_BYTES = 2 ** 30;

/** The name of the file of the model that `loss` trained; `*` is no character for files on Windows. */
export function modelName(loss: string): string {
  return `${loss.replaceAll("*", "x")}.safetensors`;
}

/** The model in `file`, its network in evaluation mode; throws `LovaszError` "data". */
export async function loadModel(file: string): Promise<Model> {
  const bytes = await readBytes(file, MOST_BYTES).catch((cause: Error) => {
    throw new LovaszError("data", `${file} ${cause.message}; pass a file that lovasz train wrote`, { cause });
  });
  return readNetwork(file, bytes);
}

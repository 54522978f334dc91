// A trained network in one file: its values, and in the metadata what is needed to build it and to feed it.
import { readFile } from "node:fs/promises";
import { LovaszError, nn } from "../../index.js";
import { NORMALISATION } from "../data/sample.js";
import { decode, encode } from "./safetensors.js";
import { binaryTask, multiclassTask, type Task } from "./task.js";

const KIND = "lovasz.UNet";
const MOST_CHANNELS = 256;

/** What was trained, and how. */
export interface ModelInfo {
  readonly loss: string;
  readonly width: number;
  readonly task: Task;
}

/** The name of the file of the model that `loss` trained. */
export function modelName(loss: string): string {
  return `${loss}.safetensors`;
}

/** The bytes of a file that `loadModel` reads. */
export function modelFile(state: nn.StateDict, { loss, width, task }: ModelInfo): Uint8Array {
  const numbers = { width, inChannels: 3, outChannels: task.outChannels };
  const metadata = Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, String(value)]));
  return encode({ tensors: state, metadata: { kind: KIND, ...metadata, loss, normalisation: NORMALISATION } });
}

/** The network in `file`, ready to predict; throws `LovaszError` "data". */
export async function loadModel(file: string): Promise<{ network: nn.UNet; task: Task; loss: string }> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "does not exist" : `cannot be read (${error.code})`;
    throw new LovaszError("data", `${file} ${why}; pass a .safetensors file that lovasz train wrote`, { cause: error });
  });
  const { tensors, metadata } = decode(bytes, file);
  const number = (key: string) => {
    const value = Number(metadata[key]);
    if (Number.isInteger(value) && value >= 1 && value <= MOST_CHANNELS) return value;
    throw new LovaszError(
      "data",
      `${file} has ${key} ${metadata[key]}, expected 1 to ${MOST_CHANNELS}; pass a file that lovasz train wrote`,
    );
  };
  if (metadata.kind !== KIND || metadata.normalisation !== NORMALISATION) {
    const came = `${metadata.kind} with normalisation ${metadata.normalisation}`;
    throw new LovaszError(
      "data",
      `${file} holds ${came}, expected ${KIND} with ${NORMALISATION}; pass a file that this version's lovasz train wrote`,
    );
  }
  const [width, inChannels, outChannels] = ["width", "inChannels", "outChannels"].map(number);
  if (inChannels !== 3) {
    throw new LovaszError("data", `${file} reads ${inChannels} channels, expected 3; pass a file that lovasz train wrote`);
  }
  const network = new nn.UNet({ inChannels, outChannels, width });
  try {
    network.loadStateDict(tensors);
  } catch (error) {
    throw new LovaszError("data", `${file} does not fit its own description: ${(error as Error).message}`, { cause: error });
  }
  return { network, task: outChannels === 1 ? binaryTask : multiclassTask(outChannels), loss: metadata.loss };
}

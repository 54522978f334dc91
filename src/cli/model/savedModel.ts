// A trained network in one file: its values, and in the metadata what is needed to build it and to feed it.
import { LovaszError, nn } from "../../index.js";
import { VOID } from "../data/pictures.js";
import { readBytes } from "../data/readBytes.js";
import { NORMALISATION } from "../data/sample.js";
import { decode, encode } from "./safetensors.js";
import { binaryTask, multiclassTask, type Task } from "./task.js";

const KIND = "lovasz.UNet";
const MOST_CHANNELS = 256;
// twice what the widest network takes
const MOST_BYTES = 256 * 2 ** 20;

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
  const wrong = (what: string, cause?: unknown) =>
    new LovaszError("data", `${file} ${what}; pass a file that lovasz train wrote`, { cause });
  const bytes = await readBytes(file, MOST_BYTES).catch((error: Error) => {
    throw wrong(error.message, error);
  });
  const { tensors, metadata } = decode(bytes, file);
  if (metadata.kind !== KIND || metadata.normalisation !== NORMALISATION) {
    const came = `${metadata.kind} with normalisation ${metadata.normalisation}`;
    throw wrong(`holds ${came}, this version reads ${KIND} with ${NORMALISATION}`);
  }
  const [width, inChannels, outChannels] = ["width", "inChannels", "outChannels"].map((key) => {
    const value = Number(metadata[key]);
    // the number of void is no class
    const most = key === "outChannels" ? VOID : MOST_CHANNELS;
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw wrong(`has ${key} ${metadata[key]}, expected 1 to ${most}`);
  });
  if (inChannels !== 3) throw wrong(`reads ${inChannels} channels, expected 3`);
  const values = Object.values(tensors).map(({ data }) => data);
  // its widest layer alone takes so many; a file that lacks them must not make us build the rest
  if (values.reduce((sum, { length }) => sum + length, 0) < 9 * (4 * width) ** 2) throw wrong(`has too few values for a width of ${width}`);
  if (!values.every((list) => list.every(Number.isFinite))) throw wrong("has values that are not finite");
  const network = new nn.UNet({ inChannels, outChannels, width });
  try {
    network.loadStateDict(tensors);
  } catch (error) {
    network.dispose();
    throw wrong(`does not fit its own description: ${(error as Error).message}`, error);
  }
  return { network, task: outChannels === 1 ? binaryTask : multiclassTask(outChannels), loss: String(metadata.loss) };
}

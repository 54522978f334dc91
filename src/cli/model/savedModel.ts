// A trained network in one file: its values, and in the metadata what is needed to build it and to feed it.
import { counted } from "../../counted.js";
import { LovaszError, nn } from "../../index.js";
import { IGNORED } from "../../model/ignored.js";
import { type Task, taskOf } from "../../model/task.js";
import { readBytes } from "../data/readBytes.js";
import { decode, encode } from "./safetensors.js";

const KIND = "lovasz.UNet";
const NORMALISATION = "picture";
const MOST_CHANNELS = 256;
// of masks with 16 bits a pixel
const MOST_VALUE = 65535;
// twice what the widest network takes
const MOST_BYTES = 256 * 2 ** 20;

// an option that was not given, in the metadata
const NONE = "none";

/** What was trained, and how. */
export interface ModelInfo {
  readonly loss: string;
  readonly width: number;
  readonly task: Task;
  /** The mask value of ignored pixels; null where there was none, undefined where a file of 0.1.0 does not say. */
  readonly ignore?: number | null;
  /** The least mask value of foreground; null where none was given, undefined where a file of 0.1.0 does not say. */
  readonly threshold?: number | null;
}

/** The name of the file of the model that `loss` trained; `*` is no character for files on Windows. */
export function modelName(loss: string): string {
  return `${loss.replaceAll("*", "x")}.safetensors`;
}

/** The bytes of a file that `loadModel` reads. */
export function modelFile(state: nn.StateDict, { loss, width, task, ignore = null, threshold = null }: ModelInfo): Uint8Array {
  const channels = { width, inChannels: 3, outChannels: task.outChannels };
  const labels = { classes: task.classes ?? NONE, ignore: ignore ?? NONE, threshold: threshold ?? NONE };
  const metadata = Object.fromEntries(Object.entries({ ...channels, ...labels }).map(([key, value]) => [key, String(value)]));
  return encode({ tensors: state, metadata: { kind: KIND, ...metadata, loss, normalisation: NORMALISATION } });
}

/** The network in `file`, ready to predict; throws `LovaszError` "data". */
export async function loadModel(file: string): Promise<{ network: nn.UNet } & Omit<ModelInfo, "width">> {
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
    // the label of ignored pixels is no class
    const most = key === "outChannels" ? IGNORED : MOST_CHANNELS;
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw wrong(`has ${key} ${metadata[key]}, expected 1 to ${most}`);
  });
  const [ignore, threshold] = ["ignore", "threshold"].map((key) => {
    const text = metadata[key];
    if (text === undefined) return undefined;
    if (text === NONE) return null;
    if (/^\d{1,5}$/.test(text) && Number(text) <= MOST_VALUE) return Number(text);
    throw wrong(`has ${key} ${text}, expected ${NONE} or 0 to ${MOST_VALUE}`);
  });
  const { classes = outChannels === 1 ? NONE : String(outChannels) } = metadata;
  if (classes !== (outChannels === 1 ? NONE : String(outChannels)))
    throw wrong(`has classes: ${classes}, but ${counted(outChannels, "channel")}`);
  if (inChannels !== 3) throw wrong(`reads ${counted(inChannels, "channel")}, expected 3`);
  const values = Object.values(tensors).map(({ data }) => data);
  // the widest layer alone has so many values: refuse a file with fewer before the whole network is built
  if (values.reduce((sum, { length }) => sum + length, 0) < 9 * (4 * width) ** 2) throw wrong(`has too few values for a width of ${width}`);
  if (!values.every((list) => list.every(Number.isFinite))) throw wrong("has values that are not finite");
  const network = new nn.UNet({ inChannels, outChannels, width });
  try {
    network.loadStateDict(tensors);
  } catch (error) {
    network.dispose();
    throw wrong(`does not fit its own description: ${(error as Error).message}`, error);
  }
  return { network, task: taskOf(outChannels), loss: String(metadata.loss), ignore, threshold };
}

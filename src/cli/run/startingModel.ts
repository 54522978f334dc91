// The model of --from, whose weights a training starts with.
import { LovaszError, type nn } from "../../index.js";
import type { Task } from "../../model/task.js";
import { type Architecture, architectureOf, build } from "../model/architecture.js";
import { loadModel } from "../model/savedModel.js";

/** Where trainings start. */
export interface StartingModel {
  readonly architecture: Architecture;
  readonly weights: nn.StateDict;
  /** What became of the last layer, in words. */
  readonly note: string;
}

/**
 * The weights of the model in `file`, which is told as `shown`, without those of a last layer that tells other classes apart than `task`. Throws `LovaszError`
 * "data".
 */
export async function startingModel(file: string, task: Task, shown = file): Promise<StartingModel> {
  const { network, normalisation } = await loadModel(file);
  try {
    if (normalisation !== "picture") {
      const why = `it reads pictures normalised by ${typeof normalisation === "string" ? normalisation : "means and deviations"}`;
      throw new LovaszError("data", `${file} cannot be trained further by this command: ${why}; use fit of lovasz/model`);
    }
    const saved = network as ReturnType<typeof build>;
    const architecture = architectureOf(saved);
    const before = saved.options.outChannels;
    const isSame = before === task.outChannels;
    const state = saved.stateDict();
    const weights = isSame ? state : fitting(state, architecture, task.outChannels);
    const came = `weights from ${shown}`;
    const note = isSame
      ? came
      : `${came}; its last layer is new, as it told ${told(before)} apart and these data have ${told(task.outChannels)}`;
    return { architecture, weights, note };
  } finally {
    network.dispose();
  }
}

// what fits a network with another number of channels
function fitting(state: nn.StateDict, architecture: Architecture, outChannels: number): nn.StateDict {
  const other = build(architecture, outChannels, 0);
  const shapes = new Map([...other.named()].map(([name, { shape }]) => [name, String(shape)]));
  other.dispose();
  return Object.fromEntries(Object.entries(state).filter(([name, { shape }]) => shapes.get(name) === String(shape)));
}

function told(channels: number): string {
  return channels === 1 ? "foreground and background" : `${channels} classes`;
}

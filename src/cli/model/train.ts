// One training: a network from seeded weights, by one loss, keeping the state of the best validation.
import { counted } from "../../counted.js";
import { type Device, LovaszError, nn } from "../../index.js";
import { breathe } from "../../model/breathe.js";
import { fit } from "../../model/fit.js";
import { type FitStep, type Validation, validationOf } from "../../model/fitOptions.js";
import type { Sample } from "../../model/picture.js";
import type { Task } from "../../model/task.js";
import { validate } from "../../model/validate.js";
import type { Picture } from "../data/picture.js";
import type { NamedLoss } from "./losses.js";

/** What every loss of a run has in common. */
export interface Recipe {
  readonly task: Task;
  readonly epochs: number;
  /** Pictures a step. */
  readonly batch: number;
  /** Channels of the network's first level. */
  readonly width: number;
  /** Learning rate at the start; it falls to 0 along a cosine. */
  readonly lr: number;
  readonly seed: number;
}

/** What happened in one pass over the training pictures. */
export interface Epoch {
  readonly epoch: number;
  /** The mean of the training loss over the steps. */
  readonly loss: number;
  /** Of the validation pictures afterwards. */
  readonly iou: number;
}

/** What one loss learned from one seed: the state of the best epoch, and how it predicts the validation pictures. */
export interface Training extends Validation {
  readonly loss: string;
  readonly seed: number;
  readonly epochs: readonly Epoch[];
  readonly bestEpoch: number;
  /** The epoch in which the loss or the weights ceased to be finite, which ended the training; null if they never did. */
  readonly diverged: number | null;
  readonly seconds: number;
  readonly state: nn.StateDict;
}

/** Called along the way; `stop` is asked after every step. */
export interface Watcher {
  step(running: { loss: number; epoch: number }): void;
  validated(epoch: Epoch): void;
  stop(): boolean;
}

/** Larger pictures are cropped at random to this extent, anew in each epoch. */
const MOST_EXTENT = 512;

/** The network of `recipe`, with the weights in `state` if they are given. */
export function networkOf({ task, width, seed }: Recipe, state?: nn.StateDict): nn.UNet {
  const network = new nn.UNet({ inChannels: 3, outChannels: task.outChannels, width, seed });
  if (state) network.loadStateDict(state);
  return network;
}

/** Steps an epoch takes. */
export function stepsOf(pictures: number, { batch }: Recipe): number {
  return Math.ceil(pictures / batch);
}

/**
 * Trains by `loss`. Equal arguments give equal results, and all losses see the same pictures in the same order. Throws
 * `LovaszError` "nan" if the first epoch already diverges, "memory" if a step needs more than there is.
 */
export async function train(
  { name, criterion }: NamedLoss,
  recipe: Recipe,
  training: readonly Picture[],
  validation: readonly Picture[],
  watcher: Watcher,
  device: Device,
): Promise<Training> {
  const begin = performance.now();
  const { task, seed, lr, epochs, batch } = recipe;
  const network = networkOf(recipe);
  const course = new Course(network, watcher);
  const held = validation.map(sourceOf);
  let diverged: number | null = null;
  try {
    try {
      await fit(network, training.map(sourceOf), {
        loss: (logits, labels) => criterion(logits, labels, device),
        ...{ epochs, batch, lr, seed, augment: "turns", crop: MOST_EXTENT, validation: held, signal: course.signal },
        onStep: (step) => course.step(step),
        onEpoch: ({ loss, validation }) => course.validated(loss, validation as Validation),
      });
    } catch (error) {
      if (!(error instanceof LovaszError && error.code === "nan")) throw inWordsOfTheCommand(error, recipe, training.length);
      diverged = course.epochs.length + 1;
    }
    // the state of an interrupted epoch is kept only where there is no other
    if (!course.best && !diverged) {
      const score = await validate(network, held, task);
      if (score) course.validated(course.loss, validationOf(score));
    }
    if (!course.best)
      throw new LovaszError("nan", `${name} diverged in its first epoch: loss or weights are not finite; lower --lr (now ${lr})`);
    return { loss: name, seed, epochs: course.epochs, ...course.best, diverged, seconds: (performance.now() - begin) / 1000 };
  } finally {
    network.dispose();
  }
}

/** What has become of a training so far. */
class Course {
  readonly epochs: Epoch[] = [];
  best: (Validation & Pick<Training, "bestEpoch" | "state">) | null = null;
  readonly #network: nn.UNet;
  readonly #watcher: Watcher;
  readonly #stopping = new AbortController();
  #sum = 0;
  #count = 0;

  constructor(network: nn.UNet, watcher: Watcher) {
    this.#network = network;
    this.#watcher = watcher;
  }

  /** Aborted once the watcher stops the training. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** The mean loss of the steps since the last validation. */
  get loss(): number {
    return this.#sum / this.#count;
  }

  async step({ epoch, loss }: FitStep): Promise<void> {
    this.#sum += loss;
    this.#count++;
    this.#watcher.step({ loss: this.loss, epoch });
    // signals to the process are heard in here
    await breathe();
    this.#heed();
  }

  validated(loss: number, validation: Validation): void {
    const epoch = this.epochs.length + 1;
    const { iou } = validation;
    this.epochs.push({ epoch, loss, iou });
    this.#watcher.validated(this.epochs[epoch - 1]);
    if (!this.best || iou > this.best.iou) this.best = { ...validation, bestEpoch: epoch, state: this.#network.stateDict() };
    [this.#sum, this.#count] = [0, 0];
    this.#heed();
  }

  #heed(): void {
    if (this.#watcher.stop()) this.#stopping.abort();
  }
}

function sourceOf(picture: Picture): () => Promise<Sample> {
  return async () => {
    const { rgb: data, width, height, white, labels } = await picture.read();
    return { picture: { data, width, height, channels: 3, white }, labels };
  };
}

// `fit` says by a cause that it was a step that ran out of memory
function inWordsOfTheCommand(error: unknown, { batch }: Recipe, pictures: number): unknown {
  if (!(error instanceof LovaszError && error.code === "memory" && error.cause)) return error;
  const why = `a step of ${counted(Math.min(batch, pictures), "picture")} needs more memory than there is; lower --batch or --width`;
  return new LovaszError("memory", why, { cause: error });
}

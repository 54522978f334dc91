// One training: a network from seeded weights, by one loss, keeping the state of the best validation.
import { counted } from "../../counted.js";
import { type Device, LovaszError, type nn, optim, type Tensor } from "../../index.js";
import type { Augmentation } from "../../model/augment.js";
import { breathe } from "../../model/breathe.js";
import type { FitCheckpoint } from "../../model/checkpoint.js";
import { fit } from "../../model/fit.js";
import { type FitStep, type Validation, validationOf } from "../../model/fitEpoch.js";
import type { FitOptions } from "../../model/fitOptions.js";
import type { Sample } from "../../model/picture.js";
import type { SavedNetwork } from "../../model/savedNetwork.js";
import type { Task } from "../../model/task.js";
import { validate } from "../../model/validate.js";
import type { Picture } from "../data/picture.js";
import { type Architecture, build } from "./architecture.js";
import type { NamedLoss } from "./losses.js";

/** What every loss of a run has in common. */
export interface Recipe {
  readonly task: Task;
  readonly architecture: Architecture;
  readonly epochs: number;
  /** Pictures a step. */
  readonly batch: number;
  /** Learning rate at the start; it falls to 0 by `schedule`. */
  readonly lr: number;
  readonly schedule: "cosine" | "poly";
  readonly optimizer: "adam" | "adamw" | "sgd";
  readonly augment: Augmentation;
  /** The largest norm of all gradients together; null for any. */
  readonly clip: number | null;
  /** The decay of the moving average of the weights; null for none. */
  readonly ema: number | null;
  /** In so many epochs at the start, losses with Lovász terms are trained by their other terms. */
  readonly lossWarmup: number;
  /** The weights of the classes; null where all weigh the same. */
  readonly classWeights: readonly number[] | null;
  /** A training ends after so many epochs without a better validation IoU; null if it never does. */
  readonly patience: number | null;
  /** The first seed. */
  readonly seed: number;
  /** How many seeds each loss is trained with. */
  readonly seeds: number;
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
  /** Keeps what `train` needs to go on after this epoch; `copy` makes it. */
  keep(copy: () => Progress): void;
  stop(): boolean;
}

/** Where a training starts. */
export interface Start {
  /** The seed of weights, order and augmentation. */
  readonly seed: number;
  /** Weights to start from in place of random ones: those of all layers, or of all but the last one. Null for none. */
  readonly weights: nn.StateDict | null;
  /** Where an earlier call stood; null for the beginning. */
  readonly progress: Progress | null;
}

/** What a training has come to after an epoch, or at its end. */
export interface Progress {
  readonly epochs: readonly Epoch[];
  readonly best: Best;
  readonly seconds: number;
  /** What the next epochs depend on; null where there are none, as the training has ended. */
  readonly fit: FitCheckpoint | null;
  /** As of `Training`. */
  readonly diverged: number | null;
}

/** The best state so far, and its scores. */
export type Best = Validation & Pick<Training, "bestEpoch" | "state">;

/** Larger pictures are cropped at random to this extent, anew in each epoch. */
const MOST_EXTENT = 512;

/** The momentum of SGD. */
const MOMENTUM = 0.9;

/** The network of `recipe`, with random weights by `seed` or the weights of `state`. */
export function networkOf({ task, architecture }: Recipe, { seed = 0, state }: { seed?: number; state?: nn.StateDict } = {}): SavedNetwork {
  const network = build(architecture, task.outChannels, seed);
  if (state) network.loadStateDict(state);
  return network;
}

/** Steps an epoch takes. */
export function stepsOf(pictures: number, { batch }: Recipe): number {
  return Math.ceil(pictures / batch);
}

/**
 * Trains by `loss`. Equal arguments give equal results, and all losses see the same pictures in the same order; a training that goes on
 * from `start.progress` gives the results of one that was not stopped. Throws `LovaszError` "nan" if the first epoch already diverges,
 * "memory" if a step needs more than there is.
 */
export async function train(
  loss: NamedLoss,
  recipe: Recipe,
  start: Start,
  { training, validation }: { readonly training: readonly Picture[]; readonly validation: readonly Picture[] },
  watcher: Watcher,
  device: Device,
): Promise<Training> {
  const { seed, progress } = start;
  const network = networkOf(recipe, { seed });
  if (start.weights) network.loadStateDict({ ...network.stateDict(), ...start.weights });
  const course = new Course(network, recipe, watcher, progress);
  const held = validation.map(sourceOf);
  let diverged = progress?.diverged ?? null;
  try {
    if (!progress || progress.fit) {
      try {
        await fit(network, training.map(sourceOf), {
          ...optionsOf(loss, recipe, training.length, () => course.epochs.length + 1, device),
          ...{ seed, validation: held, signal: course.signal, resume: progress?.fit ?? undefined },
          onStep: (step) => course.step(step),
          onEpoch: ({ loss, validation }, checkpoint) => course.validated(loss, validation as Validation, checkpoint),
        });
      } catch (error) {
        if (!(error instanceof LovaszError && error.code === "nan")) throw inWordsOfTheCommand(error, recipe, training.length);
        diverged = course.epochs.length + 1;
      }
    }
    // the state of an interrupted epoch is kept only where there is no other
    if (!course.best && !diverged) {
      const score = await validate(network, held, recipe.task);
      if (score) course.validated(course.loss, validationOf(score));
    }
    if (!course.best) {
      const why = `${loss.name} diverged in its first epoch: loss or weights are not finite; lower --lr (now ${recipe.lr})`;
      throw new LovaszError("nan", why);
    }
    if (!watcher.stop()) watcher.keep(() => ({ ...course.progress(null), diverged }));
    return { loss: loss.name, seed, epochs: course.epochs, ...course.best, diverged, seconds: course.seconds };
  } finally {
    network.dispose();
  }
}

function optionsOf({ criterion, warmup }: NamedLoss, recipe: Recipe, pictures: number, epoch: () => number, device: Device): FitOptions {
  const { epochs, batch, lr, augment, clip, ema, lossWarmup } = recipe;
  const steps = epochs * stepsOf(pictures, recipe);
  return {
    loss: (logits, labels) => (warmup && epoch() <= lossWarmup ? warmup : criterion)(logits, labels, device),
    ...{ epochs, batch, augment, crop: MOST_EXTENT, clip: clip ?? undefined, ema: ema ?? undefined },
    optimizer: (parameters) => OPTIMIZERS[recipe.optimizer](parameters, lr),
    schedule: SCHEDULES[recipe.schedule]({ from: lr, steps }),
  };
}

const OPTIMIZERS = {
  adam: (parameters: Tensor[], lr: number) => new optim.Adam(parameters, { lr }),
  adamw: (parameters: Tensor[], lr: number) => new optim.AdamW(parameters, { lr }),
  sgd: (parameters: Tensor[], lr: number) => new optim.SGD(parameters, { lr, momentum: MOMENTUM }),
};

const SCHEDULES = { cosine: optim.cosine, poly: optim.poly };

/** What has become of a training so far. */
class Course {
  readonly epochs: Epoch[];
  best: Best | null;
  readonly #network: SavedNetwork;
  readonly #recipe: Recipe;
  readonly #watcher: Watcher;
  readonly #stopping = new AbortController();
  readonly #before: number;
  readonly #begin = performance.now();
  #sum = 0;
  #count = 0;

  constructor(network: SavedNetwork, recipe: Recipe, watcher: Watcher, progress: Progress | null) {
    this.#network = network;
    this.#recipe = recipe;
    this.#watcher = watcher;
    this.epochs = [...(progress?.epochs ?? [])];
    this.best = progress?.best ?? null;
    this.#before = progress?.seconds ?? 0;
    // one that was stopped when nothing got better any more
    if (this.#isTired()) this.#stopping.abort();
  }

  /** Aborted once the watcher stops the training, or patience has run out. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** The mean loss of the steps since the last validation. */
  get loss(): number {
    return this.#sum / this.#count;
  }

  get seconds(): number {
    return this.#before + (performance.now() - this.#begin) / 1000;
  }

  progress(fit: FitCheckpoint | null): Progress {
    return { epochs: [...this.epochs], best: this.best as Best, seconds: this.seconds, fit, diverged: null };
  }

  async step({ epoch, loss }: FitStep): Promise<void> {
    this.#sum += loss;
    this.#count++;
    this.#watcher.step({ loss: this.loss, epoch });
    // signals to the process are heard in here
    await breathe();
    this.#heed();
  }

  /** Without a `checkpoint`, the training cannot go on from here. */
  validated(loss: number, validation: Validation, checkpoint?: () => FitCheckpoint): void {
    const epoch = this.epochs.length + 1;
    const { iou } = validation;
    this.epochs.push({ epoch, loss, iou });
    this.#watcher.validated(this.epochs[epoch - 1]);
    if (!this.best || iou > this.best.iou) this.best = { ...validation, bestEpoch: epoch, state: this.#network.stateDict() };
    [this.#sum, this.#count] = [0, 0];
    if (checkpoint) this.#watcher.keep(() => this.progress(checkpoint()));
    if (this.#isTired()) this.#stopping.abort();
    this.#heed();
  }

  // the epochs of a warm-up do not count, as what is learned then is another loss
  #isTired(): boolean {
    const { patience, lossWarmup } = this.#recipe;
    const since = this.epochs.length - Math.max(this.best?.bestEpoch ?? 0, lossWarmup);
    return patience !== null && since >= patience;
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

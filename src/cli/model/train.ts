// One training: a network from seeded weights, by one loss, keeping the state of the best validation.
import { counted } from "../../counted.js";
import { type Device, LovaszError, type nn, optim, type Tensor } from "../../index.js";
import { fit } from "../../model/fit.js";
import { type Validation, validationOf } from "../../model/fitEpoch.js";
import type { FitOptions } from "../../model/fitOptions.js";
import type { Sample } from "../../model/picture.js";
import type { SavedNetwork } from "../../model/savedNetwork.js";
import { validate } from "../../model/validate.js";
import type { Picture } from "../data/picture.js";
import { build } from "./architecture.js";
import { Course, type Progress, type Training, type Watcher } from "./course.js";
import type { NamedLoss } from "./losses.js";
import type { Recipe } from "./recipe.js";

/** Where a training starts. */
export interface Start {
  /** The seed of weights, order and augmentation. */
  readonly seed: number;
  /** Weights to start from in place of random ones: those of all layers, or of all but the last one. Null for none. */
  readonly weights: nn.StateDict | null;
  /** Where an earlier call stood; null for the beginning. */
  readonly progress: Progress | null;
}

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
  const course = new Course(network, loss, recipe, watcher, progress);
  const held = validation.map(sourceOf);
  let diverged = progress?.diverged ?? null;
  let hasEnded = progress !== null && progress.fit === null;
  try {
    if (!hasEnded) {
      try {
        const { stopped } = await fit(network, training.map(sourceOf), {
          ...optionsOf(loss, recipe, training.length, () => course.epochs.length + 1, device),
          ...{ seed, validation: held, signal: course.signal, resume: progress?.fit ?? undefined },
          onStep: (step) => course.step(step),
          onEpoch: ({ loss, validation }, checkpoint) => course.validated(loss, validation as Validation, checkpoint),
        });
        hasEnded = !stopped || course.isTired;
      } catch (error) {
        if (!(error instanceof LovaszError && error.code === "nan")) throw inWordsOfTheCommand(error, recipe, training.length);
        diverged = course.epochs.length + 1;
        hasEnded = true;
      }
    }
    // the state of an interrupted epoch is kept only where there is no other
    if (!course.best && !diverged) {
      const score = await validate(network, held, recipe.task);
      if (score) course.validated(course.loss, validationOf(score));
    }
    if (!course.best) {
      const who = recipe.seeds > 1 ? `${loss.name} with seed ${seed}` : loss.name;
      const why = `${who} diverged in its first epoch: loss or weights are not finite; lower --lr (now ${recipe.lr})`;
      throw new LovaszError("nan", why);
    }
    if (hasEnded) watcher.keep(() => ({ ...course.progress(null), diverged }));
    const { epochs, best, seconds } = course;
    return { loss: loss.name, seed, epochs, ...best, diverged, interrupted: !hasEnded, seconds };
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

function sourceOf(picture: Picture): () => Promise<Sample> {
  return async () => {
    const { rgb: data, width, height, white, labels } = await picture.read();
    return { picture: { data, width, height, channels: 3, white }, labels };
  };
}

// `fit` says by a cause that it was a step that ran out of memory
function inWordsOfTheCommand(error: unknown, { batch }: Recipe, pictures: number): unknown {
  if (!(error instanceof LovaszError)) return error;
  if (error.code === "memory" && error.cause) {
    const why = `a step of ${counted(Math.min(batch, pictures), "picture")} needs more memory than there is; lower --batch or --width`;
    return new LovaszError("memory", why, { cause: error });
  }
  if (error.code !== "shape" || !error.message.startsWith("batchNorm(")) return error;
  const why = "batch normalisation needs more than one value, but a step of one picture leaves a single pixel at the lowest level";
  return new LovaszError("shape", `${why}; raise --batch, lower --levels, or pass --norm group`, { cause: error });
}

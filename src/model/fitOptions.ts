// The options of `fit`.
import { LovaszError } from "../errors.js";
import { Module } from "../nn/module.js";
import { Adam } from "../optim/Adam.js";
import { cosine } from "../optim/cosine.js";
import { Optimizer } from "../optim/optimizer.js";
import { callable, choice, describe, finite, integer, knownOptions, MAX_WEIGHT } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { AUGMENTATIONS, type Augmentation } from "./augment.js";
import { type FitCheckpoint, readCheckpoint } from "./checkpoint.js";
import { type CropOptions, type Cropping, readCropping } from "./crop.js";
import type { FitEpoch, FitStep } from "./fitEpoch.js";
import { type SampleSource, type Source, sourcesOf } from "./source.js";

/** Options of `fit`. */
export interface FitOptions {
  /**
   * The loss of logits [B, C, H, W] and labels, B * H * W of them, in which IGNORED (255) marks ignored pixels: a scalar tensor, or a
   * promise of one.
   */
  loss: (logits: Tensor, labels: Uint8Array) => Tensor | Promise<Tensor>;
  /** Passes over the samples. Default 10. */
  epochs?: number;
  /** Samples a step, at most: the samples of an epoch are divided evenly among its steps. Default 4. */
  batch?: number;
  /** The learning rate at the start. Default: that of `optimizer`; without one, 0.002. */
  lr?: number;
  /** Makes the optimiser of the parameters with `requiresGrad`; `fit` disposes of it at the end. Default: `optim.Adam`. */
  optimizer?: (parameters: Tensor[]) => Optimizer;
  /** The learning rate of each step, counted from 0. Default: it falls from `lr` to 0 along a cosine. */
  schedule?: (step: number) => number;
  /** What happens to each sample, anew in each epoch: see `augment`. Default "turns". */
  augment?: Augmentation;
  /** How larger samples are cropped, anew in each epoch: see `crop`. A number is the `extent`. Default { extent: 512, foreground: 0 }. */
  crop?: number | Omit<CropOptions, "seed">;
  /** The largest norm of all gradients together, greater than 0: see `optim.clipGradNorm`. Default: they are not clipped. */
  clip?: number;
  /** The decay of a moving average of the weights, from 0 to 1: see `optim.EMA`. It is validated, and kept at the end. Default: none. */
  ema?: number;
  /** The seed of order, crops and augmentation. Default 0. */
  seed?: number;
  /** Samples to be scored after each epoch. Default: none. */
  validation?: readonly SampleSource[];
  /** Called after each step; a promise is waited for. */
  onStep?: (step: FitStep) => unknown;
  /**
   * Called after each epoch, with the network as it was validated, in evaluation mode; a promise is waited for. `checkpoint()`, called within,
   * returns what `resume` takes.
   */
  onEpoch?: (epoch: FitEpoch, checkpoint: () => FitCheckpoint) => unknown;
  /**
   * Where an earlier call stood after an epoch. With it, and otherwise the same arguments as that call had, the training goes on and ends
   * with the same weights, to the bit, as if it had not been stopped. Default: from the start.
   */
  resume?: FitCheckpoint;
  /** An AbortSignal, which ends the training after the current step, or the current picture of a validation. */
  signal?: { readonly aborted: boolean };
}

// a smaller one would stop the training
const LEAST_NORM = 1e-18;

const NAMES = "loss epochs batch lr optimizer schedule augment crop clip ema seed validation onStep onEpoch resume signal".split(" ");

/** The arguments of a call of `fit`, checked. */
export interface Plan {
  readonly network: Module;
  readonly samples: readonly Source[];
  readonly loss: FitOptions["loss"];
  readonly epochs: number;
  readonly batch: number;
  readonly optimizer: Optimizer;
  readonly schedule: (step: number) => number;
  readonly augment: Augmentation;
  readonly crop: Cropping;
  readonly clip: number | null;
  readonly ema: number | null;
  readonly seed: number;
  readonly validation: readonly Source[] | null;
  readonly onStep: (step: FitStep) => unknown;
  readonly onEpoch: (epoch: FitEpoch, checkpoint: () => FitCheckpoint) => unknown;
  readonly resume: FitCheckpoint | null;
  readonly signal: { readonly aborted: boolean };
}

/** Checks the arguments of a call, and makes the optimiser. Throws `LovaszError` "option", "data" or "label". */
export function readPlan(call: string, network: Module, samples: readonly SampleSource[], options: FitOptions): Plan {
  if (!(network instanceof Module)) {
    throw new LovaszError("option", `${call}: network is ${describe(network)}, expected an nn.Module such as nn.UNet`);
  }
  knownOptions(call, options, NAMES);
  const { crop = {}, validation, signal = { aborted: false }, onStep = () => {}, onEpoch = () => {} } = options;
  const cropping = typeof crop === "number" ? { extent: crop } : crop;
  knownOptions(`${call}: crop`, cropping, ["extent", "foreground"]);
  if (typeof signal?.aborted !== "boolean") {
    throw new LovaszError("option", `${call}: signal is ${describe(signal)}, expected an AbortSignal`);
  }
  const plan = {
    network,
    samples: sourcesOf(call, "samples", samples),
    loss: callable(call, "loss", options.loss),
    epochs: integer(call, "epochs", options.epochs, 10, 1),
    batch: integer(call, "batch", options.batch, 4, 1),
    augment: choice(call, "augment", options.augment, AUGMENTATIONS, "turns"),
    crop: readCropping(`${call}: crop`, cropping),
    clip: options.clip === undefined ? null : finite(call, "clip", options.clip, 0, LEAST_NORM, MAX_WEIGHT),
    ema: options.ema === undefined ? null : finite(call, "ema", options.ema, 0, 0, 1),
    seed: integer(call, "seed", options.seed, 0),
    validation: validation === undefined ? null : sourcesOf(call, "validation", validation),
    onStep: callable(call, "onStep", onStep),
    onEpoch: callable(call, "onEpoch", onEpoch),
    signal,
  };
  const resume = options.resume === undefined ? null : readCheckpoint(call, options.resume, plan);
  const steps = plan.epochs * Math.ceil(plan.samples.length / plan.batch);
  if (options.schedule !== undefined) callable(call, "schedule", options.schedule);
  // last, as from here on memory is taken
  const optimizer = readOptimizer(call, network, options);
  return { ...plan, resume, optimizer, schedule: options.schedule ?? cosine({ from: optimizer.lr, steps }) };
}

function readOptimizer(call: string, network: Module, { optimizer: make, lr }: FitOptions): Optimizer {
  const rate = lr === undefined ? undefined : finite(call, "lr", lr, 0, 0, MAX_WEIGHT);
  if (typeof make === "function" && make.prototype instanceof Optimizer) {
    const cure = `pass a function, such as (parameters) => new optim.${make.name}(parameters)`;
    throw new LovaszError("option", `${call}: optimizer is the class ${make.name}, expected what makes one; ${cure}`);
  }
  // the others are frozen
  const parameters = network.parameters().filter((parameter) => parameter.requiresGrad);
  if (make === undefined) return new Adam(parameters, { lr: rate ?? 0.002 });
  const made: unknown = callable(call, "optimizer", make)(parameters);
  if (!(made instanceof Optimizer)) {
    throw new LovaszError("option", `${call}: optimizer(parameters) returned ${describe(made)}, expected an optimiser such as optim.SGD`);
  }
  if (rate !== undefined) made.lr = rate;
  return made;
}

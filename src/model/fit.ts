import { LovaszError } from "../errors.js";
import type { Module } from "../nn/module.js";
import { EMA } from "../optim/EMA.js";
import { finite, MAX_WEIGHT } from "../options.js";
import { changed, drawn } from "./augment.js";
import { breathe } from "./breathe.js";
import { checkpointOf, restore } from "./checkpoint.js";
import { boxOf } from "./crop.js";
import { type FitEpoch, validationOf } from "./fitEpoch.js";
import { type FitOptions, type Plan, readPlan } from "./fitOptions.js";
import { IGNORED } from "./ignored.js";
import { rememberModes } from "./modes.js";
import { type LabelledPixels, pixelsOf } from "./pixels.js";
import { shuffled, stream } from "./shuffle.js";
import type { SampleSource, Source } from "./source.js";
import { step } from "./step.js";
import { taskOf } from "./task.js";
import { validate } from "./validate.js";

const CALL = "fit(network, samples, options)";

/** What became of a training. */
export interface Fit {
  /** One entry for each whole epoch. */
  readonly epochs: readonly FitEpoch[];
  /** How many steps were taken. */
  readonly steps: number;
  /** Whether `signal` ended it before the last epoch. */
  readonly stopped: boolean;
}

/**
 * Trains `network`, any module from pixels [B, 3, H, W] to logits [B, C, H, W], on `samples`. Each picture is brought to mean 0 and
 * variance 1 first. Samples of a step are padded with ignored pixels to one size, of which width and height are multiples of 4. In each
 * epoch every sample is seen once, in a new order. Equal arguments give equal weights, to the bit, where dropout has a seed.
 *
 * The training runs on the calling thread and lets the event loop run after each step, so that a page can draw and take input. An
 * abort by `signal` ends it after the current step or picture: the promise resolves, and the network keeps the weights that it has reached. At
 * the end it has those of the last step, or with `ema` their average; to keep the best, save `network.stateDict()` in `onEpoch`.
 *
 * The network is in training mode while it is trained, and in evaluation mode for validation and `onEpoch`; at the end each module is in the
 * mode that it was in before.
 *
 * `validation` samples are scored as `lovasz eval` does: foreground is where a single logit is positive, or else a pixel has the class
 * of its largest logit.
 *
 * Rejects with `LovaszError` "option", "data", "label" or "shape" where the arguments are wrong; "nan" where loss or weights cease to
 * be finite; "memory" where a step needs more than there is; and with whatever the functions in `options` throw.
 *
 * @example
 * ```js
 * import { lovaszHinge, nn, optim } from "lovasz";
 * import { fit, IGNORED } from "lovasz/model";
 *
 * // what is bright is foreground
 * const data = Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 40 : 200));
 * const sample = { picture: { data, width: 8, height: 8, channels: 1 }, labels: data.map((value) => (value > 128 ? 1 : 0)) };
 * const network = new nn.Conv2d(3, 1, 1, { seed: 1 });
 * const { epochs } = await fit(network, [sample], {
 *   loss: (logits, labels) => lovaszHinge(logits, labels, { ignore: IGNORED }),
 *   optimizer: (parameters) => new optim.Adam(parameters, { lr: 0.1 }),
 *   epochs: 30,
 *   validation: [sample],
 * });
 * console.log(epochs.length, epochs[29].validation.iou); // 30 1
 * ```
 */
export async function fit(network: Module, samples: readonly SampleSource[], options: FitOptions): Promise<Fit> {
  const plan = readPlan(CALL, network, samples, options);
  const { optimizer, signal, resume } = plan;
  const epochs: FitEpoch[] = [...(resume?.epochs ?? [])];
  const state: State = { steps: resume?.steps ?? 0, channels: 0, average: null, hasForeground: false, hasIgnored: false };
  const restoreModes = rememberModes(network);
  try {
    if (plan.ema !== null) state.average = new EMA(network, { decay: plan.ema });
    if (resume) {
      restore(resume, { network, optimizer, average: state.average });
      state.average?.swap();
    }
    for (let epoch = epochs.length + 1; epoch <= plan.epochs && !signal.aborted; epoch++) {
      // after an epoch the network holds the average
      if (epochs.length > 0) state.average?.swap();
      network.train();
      const loss = await pass(plan, epoch, state);
      if (![...network.named()].every(([, { data }]) => data.every(Number.isFinite))) {
        throw new LovaszError("nan", `${CALL}: after epoch ${epoch} the weights are not finite; lower the learning rate`);
      }
      state.average?.swap();
      if (signal.aborted) break;
      if (!state.hasForeground && state.hasIgnored) throw allIgnored();
      network.eval();
      const validation = await scored(plan, state.channels);
      if (validation === undefined) break;
      epochs.push({ epoch, loss, validation });
      await told(plan, epochs, state);
    }
    return { epochs, steps: state.steps, stopped: epochs.length < plan.epochs };
  } finally {
    optimizer.zeroGrad();
    optimizer.dispose();
    state.average?.dispose();
    restoreModes();
  }
}

/** What is known of the steps so far. */
interface State {
  steps: number;
  /** The channels of the logits. */
  channels: number;
  /** The moving average of the weights, if there is one. */
  average: EMA | null;
  /** Whether any label so far was a class other than 0. */
  hasForeground: boolean;
  /** Whether any label was IGNORED, as far as was looked before that. */
  hasIgnored: boolean;
}

// The mean loss of an epoch's steps, or of those before it was stopped.
async function pass(plan: Plan, epoch: number, state: State): Promise<number> {
  const { samples, batch, optimizer, signal } = plan;
  const random = stream(plan.seed, 1, epoch);
  const order = shuffled(samples, random);
  let sum = 0;
  let count = 0;
  // evenly: a last step of a single sample would be a poor sample of batch normalisation's
  const steps = Math.ceil(order.length / batch);
  const firstOf = (one: number) => Math.ceil((one * order.length) / steps);
  for (let one = 0; one < steps && !signal.aborted; one++) {
    const inputs: LabelledPixels[] = [];
    for (const read of order.slice(firstOf(one), firstOf(one + 1))) inputs.push(await seen(read, plan, random, state));
    optimizer.lr = rateOf(plan.schedule(state.steps), state.steps);
    const { loss, channels } = await step(CALL, plan, inputs).catch((error) => {
      throw diverged(error, state.steps + 1, epoch, optimizer.lr);
    });
    state.average?.update();
    sum += loss;
    count++;
    state.steps++;
    state.channels = channels;
    await plan.onStep({ step: state.steps, epoch, loss, lr: optimizer.lr });
    await breathe();
  }
  return sum / count;
}

function rateOf(rate: unknown, count: number): number {
  // an undefined rate is none
  return finite(CALL, `schedule(${count})`, rate ?? null, 0, 0, MAX_WEIGHT);
}

// A sample as the network sees it this time. Its brightness is taken from the whole picture, so that a change of it is one.
async function seen(read: Source, { crop, augment }: Plan, random: () => number, state: State): Promise<LabelledPixels> {
  const { picture, labels } = await read();
  if (!state.hasForeground) {
    state.hasForeground = labels.some((label) => label !== 0 && label !== IGNORED);
    state.hasIgnored ||= labels.includes(IGNORED);
  }
  const pixels = pixelsOf(picture);
  const sample = { picture: { ...picture, channels: 3, data: pixels.rgb }, labels };
  const box = boxOf(sample, crop, random);
  const input = changed(sample, box, drawn(augment, random));
  const { width, height, data } = input.picture;
  return { ...pixels, width, height, rgb: data, labels: input.labels };
}

// Calls `onEpoch`, while the network holds the average.
async function told({ network, optimizer, onEpoch }: Plan, epochs: readonly FitEpoch[], { steps, average }: State): Promise<void> {
  let isOver = false;
  await onEpoch(epochs[epochs.length - 1], () => {
    if (isOver) throw new LovaszError("option", `${CALL}: checkpoint() was called after onEpoch had returned; call it within`);
    return checkpointOf(epochs, steps, { network, optimizer, average, isSwapped: true });
  });
  isOver = true;
}

// undefined where it was stopped
async function scored({ network, validation, signal }: Plan, channels: number): Promise<FitEpoch["validation"] | undefined> {
  if (!validation) return null;
  const score = await validate(network, validation, taskOf(channels), signal);
  return score ? validationOf(score) : undefined;
}

// what a mask of 0 and 255 looks like
function allIgnored(): LovaszError {
  const why = `labels are ${IGNORED} or 0 in all samples, but ${IGNORED} marks ignored pixels`;
  return new LovaszError("label", `${CALL}: ${why}; write 1 for foreground: labels: mask.map((value) => Number(value > 0))`);
}

function diverged(error: unknown, count: number, epoch: number, lr: number): unknown {
  if (!(error instanceof LovaszError && error.code === "nan")) return error;
  const where = `in step ${count} (epoch ${epoch})`;
  return new LovaszError("nan", `${CALL}: training diverged ${where}: ${error.message}; lower the learning rate (now ${lr})`, {
    cause: error,
  });
}

// Where a training stands after an epoch: all that the next epochs depend on.
import { LovaszError } from "../errors.js";
import { Dropout } from "../nn/Dropout.js";
import { Dropout2d } from "../nn/Dropout2d.js";
import type { Module } from "../nn/module.js";
import type { StateDict } from "../nn/stateDict.js";
import { unseeded } from "../ops/dropoutMask.js";
import type { EMA } from "../optim/EMA.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { OptimizerState } from "../optim/state.js";
import { describe, integer, isPlain } from "../options.js";
import type { FitEpoch } from "./fitEpoch.js";

/**
 * What `fit` needs to go on after an epoch as if it had not been stopped. Plain data, which `structuredClone` copies; nothing in it changes
 * later.
 */
export interface FitCheckpoint {
  /** The epochs so far. */
  readonly epochs: readonly FitEpoch[];
  /** The steps so far. */
  readonly steps: number;
  /** The weights of the last step, and other tensors of the network. */
  readonly network: StateDict;
  /** The state of the optimiser. */
  readonly optimizer: OptimizerState;
  /** The moving average of the weights; null where there is none. */
  readonly ema: StateDict | null;
  /** How many masks each dropout layer with a seed has drawn. */
  readonly dropout: readonly number[];
}

/** What a checkpoint is taken from, and brought to. */
interface Parts {
  readonly network: Module;
  readonly optimizer: Optimizer;
  /** It may be swapped: then the network holds the average. */
  readonly average: EMA | null;
  readonly isSwapped: boolean;
}

/** Copies of all parts. */
export function checkpointOf(epochs: readonly FitEpoch[], steps: number, { network, optimizer, average, isSwapped }: Parts): FitCheckpoint {
  if (isSwapped) average?.swap();
  try {
    const dropout = dropoutsOf(network).map(({ seeds }) => seeds.used);
    const states = { network: network.stateDict(), optimizer: optimizer.stateDict(), ema: average?.stateDict() ?? null };
    return { epochs: [...epochs], steps, ...states, dropout };
  } finally {
    if (isSwapped) average?.swap();
  }
}

/** What a checkpoint must fit to. */
interface Training {
  readonly network: Module;
  readonly samples: readonly unknown[];
  readonly epochs: number;
  readonly batch: number;
  readonly ema: number | null;
}

/** `checkpoint` as it was checked. Throws `LovaszError` "option" where it is none, or one of another training. */
export function readCheckpoint(call: string, checkpoint: unknown, plan: Training): FitCheckpoint {
  const wrong = (what: string) => new LovaszError("option", `${call}: resume ${what}`);
  if (!isPlain(checkpoint)) throw wrong(`is ${describe(checkpoint)}, expected what checkpoint() of onEpoch returned`);
  const { epochs, ema, dropout } = checkpoint;
  if (!Array.isArray(epochs)) throw wrong(`has epochs ${describe(epochs)}, expected an array`);
  if (epochs.length > plan.epochs) throw wrong(`was taken after ${epochs.length} epochs, but epochs is ${plan.epochs}; raise epochs`);
  const steps = integer(call, "resume.steps", checkpoint.steps, null as never, 0);
  const expected = epochs.length * Math.ceil(plan.samples.length / plan.batch);
  if (steps !== expected) {
    throw wrong(`has ${steps} steps, but with these samples and batch ${epochs.length} epochs have ${expected}; pass the same ones`);
  }
  if ((ema === null) !== (plan.ema === null)) throw wrong(`was taken ${ema === null ? "without" : "with"} ema; pass the same options`);
  const layers = dropoutsOf(plan.network).length;
  const isCount = (one: unknown) => Number.isSafeInteger(one) && (one as number) >= 0;
  if (!Array.isArray(dropout) || dropout.length !== layers || !dropout.every(isCount)) {
    throw wrong(`has dropout ${describe(dropout)}, expected ${layers} counts, one for each dropout layer with a seed`);
  }
  return checkpoint as unknown as FitCheckpoint;
}

/** Brings the parts to where they stood. Throws `LovaszError` "data", "shape" or "nan" where they do not fit. */
export function restore(checkpoint: FitCheckpoint, { network, optimizer, average }: Omit<Parts, "isSwapped">): void {
  if (average && checkpoint.ema) average.loadStateDict(checkpoint.ema);
  optimizer.loadStateDict(checkpoint.optimizer);
  network.loadStateDict(checkpoint.network);
  dropoutsOf(network).forEach(({ seeds }, i) => {
    seeds.used = checkpoint.dropout[i];
  });
}

// the masks of the others come from a sequence that all of the program shares
function dropoutsOf(network: Module): (Dropout | Dropout2d)[] {
  const all = [...network.modules()].filter((one) => one instanceof Dropout || one instanceof Dropout2d);
  return all.filter(({ seeds }) => seeds !== unseeded);
}

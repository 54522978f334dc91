// The course of one training: its epochs, the best state so far, and when it ends early.
import type { nn } from "../../index.js";
import { breathe } from "../../model/breathe.js";
import type { FitCheckpoint } from "../../model/checkpoint.js";
import type { FitStep, Validation } from "../../model/fitEpoch.js";
import type { SavedNetwork } from "../../model/savedNetwork.js";
import type { NamedLoss } from "./losses.js";
import type { Recipe } from "./recipe.js";

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
  /** Whether it was stopped before its end. */
  readonly interrupted: boolean;
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

/** What has become of a training so far. */
export class Course {
  readonly epochs: Epoch[];
  best: Best | null;
  readonly #network: SavedNetwork;
  readonly #patience: number | null;
  // how many epochs are those of another loss
  readonly #warmup: number;
  readonly #watcher: Watcher;
  readonly #stopping = new AbortController();
  readonly #before: number;
  readonly #begin = performance.now();
  #sum = 0;
  #count = 0;

  constructor(network: SavedNetwork, { warmup }: NamedLoss, recipe: Recipe, watcher: Watcher, progress: Progress | null) {
    this.#network = network;
    this.#patience = recipe.patience;
    this.#warmup = warmup ? recipe.lossWarmup : 0;
    this.#watcher = watcher;
    this.epochs = [...(progress?.epochs ?? [])];
    this.best = progress?.best ?? null;
    this.#before = progress?.seconds ?? 0;
    // one that was stopped when nothing got better any more
    if (this.isTired) this.#stopping.abort();
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
    // what was learned in the warm-up is the best only as long as there is nothing else
    const isFirst = !this.best || (epoch > this.#warmup && this.best.bestEpoch <= this.#warmup);
    if (isFirst || iou > (this.best as Best).iou) this.best = { ...validation, bestEpoch: epoch, state: this.#network.stateDict() };
    [this.#sum, this.#count] = [0, 0];
    if (checkpoint) this.#watcher.keep(() => this.progress(checkpoint()));
    if (this.isTired) this.#stopping.abort();
    this.#heed();
  }

  /** Whether patience has run out; it begins after the warm-up. */
  get isTired(): boolean {
    const since = this.epochs.length - Math.max(this.best?.bestEpoch ?? 0, this.#warmup);
    return this.#patience !== null && since >= this.#patience;
  }

  #heed(): void {
    if (this.#watcher.stop()) this.#stopping.abort();
  }
}

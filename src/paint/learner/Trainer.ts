import { LovaszError } from "../../errors.js";
import { binaryCrossEntropy } from "../../losses/binaryCrossEntropy.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { lovaszSigmoid } from "../../losses/lovaszSigmoid.js";
import { lovaszSoftmax } from "../../losses/lovaszSoftmax.js";
import type { Batch } from "../../model/batch.js";
import { KINDS, type SavedNetwork } from "../../model/savedNetwork.js";
import { stepOn } from "../../model/step.js";
import type { StateDict } from "../../nn/stateDict.js";
import { add } from "../../ops/add.js";
import { Adam } from "../../optim/Adam.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Rival, UNPAINTED } from "../messages.js";
import { channelsOf, withClasses } from "./head.js";

/** A network that learns by one of the losses. */
export class Trainer {
  readonly rival: Rival;
  #network: SavedNetwork;
  #optimizer: Adam;
  /** The last weights that are known to be finite. */
  #good: StateDict;

  /** The trainer owns `network` from now on. */
  constructor(rival: Rival, network: SavedNetwork) {
    this.rival = rival;
    this.#network = network;
    this.#optimizer = new Adam(network.parameters());
    this.#good = network.stateDict();
  }

  /** What is trained. It is another one after `setClasses`. */
  get network(): SavedNetwork {
    return this.#network;
  }

  /**
   * Takes a step with the learning rate `lr`, and returns the loss before it. Where that is not a number, all is as it was at the last
   * `keep`, and null is returned.
   */
  async step(batch: Batch, lr: number): Promise<number | null> {
    this.#network.train();
    this.#optimizer.lr = lr;
    const plan = { network: this.#network, optimizer: this.#optimizer, loss: LOSSES[this.rival], clip: null };
    try {
      return (await stepOn("step", plan, batch)).loss;
    } catch (error) {
      if (!(error instanceof LovaszError && error.code === "nan")) throw error;
      this.restore();
      return null;
    }
  }

  /** Remembers the weights, if they are finite; else restores those that were. Returns whether they are finite. */
  keep(): boolean {
    const state = this.#network.stateDict();
    const isGood = Object.values(state).every(({ data }) => data.every(Number.isFinite));
    if (isGood) this.#good = state;
    else this.restore();
    return isGood;
  }

  /** Goes back to the last good weights. */
  restore(): void {
    this.#network.loadStateDict(this.#good);
    this.#optimizer.dispose();
    this.#optimizer = new Adam(this.#network.parameters());
  }

  /** From now on the network decides between `classes` classes; `removed` is the one that is gone, if any. */
  setClasses(classes: number, removed: number | null): void {
    const before = this.#network;
    const kind = KINDS.find((one) => one.isOf(before)) as (typeof KINDS)[number];
    this.#network = kind.build({ ...before.options, outChannels: channelsOf(classes) });
    this.#network.loadStateDict(withClasses(before, classes, removed));
    this.#optimizer.dispose();
    before.dispose();
    this.#optimizer = new Adam(this.#network.parameters());
    this.#good = this.#network.stateDict();
  }

  dispose(): void {
    this.#optimizer.dispose();
    this.#network.dispose();
  }
}

const OPTIONS = { ignore: UNPAINTED };

const isBinary = (logits: Tensor) => logits.shape[1] === 1;

const entropy = (logits: Tensor, labels: Uint8Array) =>
  isBinary(logits) ? binaryCrossEntropy(logits, labels, OPTIONS) : crossEntropy(logits, labels, OPTIONS);

const region = (logits: Tensor, labels: Uint8Array) =>
  isBinary(logits) ? lovaszSigmoid(logits, labels, OPTIONS) : lovaszSoftmax(logits, labels, OPTIONS);

const LOSSES: Record<Rival, (logits: Tensor, labels: Uint8Array) => Tensor> = {
  lovasz: (logits, labels) => add(entropy(logits, labels), region(logits, labels)),
  crossEntropy: entropy,
};

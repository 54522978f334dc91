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
import { EMA } from "../../optim/EMA.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Rival, UNPAINTED } from "../messages.js";
import { channelsOf, withClasses } from "./head.js";

/** The average is over about twenty steps: single ones sway. */
const DECAY = 0.95;
/** Before so many steps the average would be of weights that know nothing. */
const UNSTEADY = 20;

/** A network that learns by one of the losses, and the average of its weights over the last steps, which predicts. */
export class Trainer {
  readonly rival: Rival;
  /** Takes the steps. */
  #learning: SavedNetwork;
  #network: SavedNetwork;
  #optimizer: Adam;
  #average: EMA | null = null;
  #steps = 0;

  /** The trainer owns `network` from now on. */
  constructor(rival: Rival, network: SavedNetwork) {
    this.rival = rival;
    this.#learning = network;
    this.#network = builtAs(network, network.options.outChannels, network.stateDict());
    this.#optimizer = new Adam(network.parameters());
  }

  /** What predicts: it has what was learned by the last `keep`. It is another one after `setClasses`. */
  get network(): SavedNetwork {
    return this.#network;
  }

  /**
   * Takes a step with the learning rate `lr`, and returns the loss before it. Where that is not a number, all is as it was at the last
   * `keep`, and null is returned.
   */
  async step(batch: Batch, lr: number): Promise<number | null> {
    this.#learning.train();
    this.#optimizer.lr = lr;
    const plan = { network: this.#learning, optimizer: this.#optimizer, loss: LOSSES[this.rival], clip: null };
    try {
      const { loss } = await stepOn("step", plan, batch);
      this.#steps += 1;
      if (this.#steps === UNSTEADY) this.#average = new EMA(this.#learning, { decay: DECAY });
      this.#average?.update();
      return loss;
    } catch (error) {
      if (!(error instanceof LovaszError && error.code === "nan")) throw error;
      this.#restore();
      return null;
    }
  }

  /** Hands what was learned to `network`, and returns true; where it holds a number that is not finite, goes back to what `network` has. */
  keep(): boolean {
    const state = (this.#average ?? this.#learning).stateDict();
    const isGood = Object.values(state).every(({ data }) => data.every(Number.isFinite));
    if (isGood) this.#network.loadStateDict(state);
    else this.#restore();
    return isGood;
  }

  /** From now on the network decides between `classes` classes; `removed` is the one that is gone, if any. */
  setClasses(classes: number, removed: number | null): void {
    const [learning, network] = [this.#learning, this.#network].map((one) => {
      const other = builtAs(one, channelsOf(classes), withClasses(one, classes, removed));
      one.dispose();
      return other;
    });
    this.#learning = learning;
    this.#network = network;
    this.#begin();
  }

  /** Frees all. */
  dispose(): void {
    this.#average?.dispose();
    this.#optimizer.dispose();
    this.#learning.dispose();
    this.#network.dispose();
  }

  #restore(): void {
    this.#learning.loadStateDict(this.#network.stateDict());
    this.#begin();
  }

  // anew from the weights that there are
  #begin(): void {
    this.#average?.dispose();
    this.#average = null;
    this.#steps = 0;
    this.#optimizer.dispose();
    this.#optimizer = new Adam(this.#learning.parameters());
  }
}

// a network like `model`, with the weights of `state`
function builtAs(model: SavedNetwork, outChannels: number, state: StateDict): SavedNetwork {
  const kind = KINDS.find((one) => one.isOf(model)) as (typeof KINDS)[number];
  const network = kind.build({ ...model.options, outChannels });
  network.loadStateDict(state);
  return network;
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

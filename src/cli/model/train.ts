// One training: a network from a seeded start, by one loss, keeping the state that validates best.
import { setImmediate as breathe } from "node:timers/promises";
import { nn, optim, tensor, tidy } from "../../index.js";
import type { Sample } from "../data/sample.js";
import { shuffled, stream } from "../data/shuffle.js";
import { batchOf, type Part } from "./batch.js";
import type { NamedLoss } from "./losses.js";
import { predict } from "./predict.js";
import { type Scores, score } from "./score.js";
import type { Task } from "./task.js";

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

/** The outcome for one loss. */
export interface Training extends Scores {
  readonly loss: string;
  readonly epochs: readonly Epoch[];
  readonly bestEpoch: number;
  readonly seconds: number;
  readonly state: nn.StateDict;
  /** The labels that the best state gives each validation picture. */
  readonly predictions: readonly Uint8Array[];
}

/** Called along the way; `stop` is asked after every step. */
export interface Watcher {
  step(running: { loss: number; epoch: number }): void;
  validated(epoch: Epoch): void;
  stop(): boolean;
}

/** Larger pictures are trained on by a random part of this extent, another one in each epoch. */
const MOST_EXTENT = 512;

/** Steps an epoch takes. */
export function stepsOf(pictures: number, { batch }: Recipe): number {
  return Math.ceil(pictures / batch);
}

/** Trains by `loss`. Equal arguments give equal results, and all losses see the same pictures in the same order. */
export async function train(
  { name, criterion }: NamedLoss,
  recipe: Recipe,
  training: readonly Sample[],
  validation: readonly Sample[],
  watcher: Watcher,
): Promise<Training> {
  const begin = performance.now();
  const { task, seed } = recipe;
  const network = new nn.UNet({ inChannels: 3, outChannels: task.outChannels, width: recipe.width, seed });
  const optimizer = new optim.Adam(network.parameters(), { lr: recipe.lr });
  const steps = recipe.epochs * stepsOf(training.length, recipe);
  const epochs: Epoch[] = [];
  let best: Pick<Training, "bestEpoch" | "state" | "predictions" | keyof Scores> | undefined;
  let taken = 0;
  try {
    for (let epoch = 1; epoch <= recipe.epochs && !(best && watcher.stop()); epoch++) {
      let sum = 0;
      let count = 0;
      for (const parts of batchesOf(training, recipe, epoch)) {
        optimizer.lr = learningRate(recipe.lr, taken++ / steps);
        sum += step(network, optimizer, criterion, parts);
        count++;
        watcher.step({ loss: sum / count, epoch });
        await breathe();
        if (watcher.stop()) break;
      }
      const predictions: Uint8Array[] = [];
      for (const sample of validation) {
        predictions.push(predict(network, sample, task));
        await breathe();
      }
      const scores = score(task, validation, predictions);
      epochs.push({ epoch, loss: sum / count, iou: scores.iou });
      watcher.validated(epochs[epochs.length - 1]);
      if (!best || scores.iou > best.iou) best = { ...scores, bestEpoch: epoch, state: network.stateDict(), predictions };
    }
    if (!best) throw new RangeError("a recipe has at least one epoch");
    return { loss: name, epochs, ...best, seconds: (performance.now() - begin) / 1000 };
  } finally {
    optimizer.zeroGrad();
    optimizer.dispose();
    network.dispose();
  }
}

function learningRate(start: number, progress: number): number {
  return (start * (1 + Math.cos(Math.PI * progress))) / 2;
}

function step(network: nn.UNet, optimizer: optim.Adam, criterion: NamedLoss["criterion"], parts: readonly Part[]): number {
  const { pixels, labels, shape } = batchOf(parts);
  return tidy(() => {
    const loss = criterion(network.forward(tensor(pixels, shape)), labels);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
}

// Every picture once, in an order and in one of eight turns (nature rarely knows up from down) that the seed decides.
function* batchesOf(samples: readonly Sample[], { batch, seed }: Recipe, epoch: number): Generator<Part[]> {
  const random = stream(seed, 1, epoch);
  const parts = shuffled(samples, random).map((sample) => {
    const width = Math.min(sample.width, MOST_EXTENT);
    const height = Math.min(sample.height, MOST_EXTENT);
    const left = Math.floor(random() * (sample.width - width + 1));
    const top = Math.floor(random() * (sample.height - height + 1));
    return { sample, left, top, width, height, turn: Math.floor(8 * random()) };
  });
  for (let i = 0; i < parts.length; i += batch) yield parts.slice(i, i + batch);
}

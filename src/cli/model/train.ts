// One training: a network from seeded weights, by one loss, keeping the state of the best validation.
import { setImmediate as breathe } from "node:timers/promises";
import { counted } from "../../counted.js";
import { type Device, LovaszError, nn, optim, type Tensor, tensor, tidy } from "../../index.js";
import type { Picture } from "../data/picture.js";
import { shuffled, stream } from "../data/shuffle.js";
import { batchOf, type Crop, readCrop } from "./batch.js";
import type { Criterion, NamedLoss } from "./losses.js";
import { predict } from "./predict.js";
import { Score, type Scores } from "./score.js";
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
  /** The epoch in which the loss or the weights ceased to be finite, which ended the training; null if they never did. */
  readonly diverged: number | null;
  readonly seconds: number;
  readonly state: nn.StateDict;
  /** The IoU of each validation picture, by the best state. */
  readonly imageIoUs: readonly number[];
}

/** Called along the way; `stop` is asked after every step. */
export interface Watcher {
  step(running: { loss: number; epoch: number }): void;
  validated(epoch: Epoch): void;
  stop(): boolean;
}

interface Learner {
  readonly network: nn.UNet;
  readonly optimizer: optim.Adam;
  readonly criterion: Criterion;
  readonly device: Device;
}

/** Larger pictures are cropped at random to this extent, anew in each epoch. */
const MOST_EXTENT = 512;

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
  const { task, seed, lr } = recipe;
  const network = new nn.UNet({ inChannels: 3, outChannels: task.outChannels, width: recipe.width, seed });
  const optimizer = new optim.Adam(network.parameters(), { lr });
  const learner = { network, optimizer, criterion, device };
  const epochs: Epoch[] = [];
  let best: Pick<Training, "bestEpoch" | "state" | "imageIoUs" | keyof Scores> | undefined;
  let diverged: number | null = null;
  try {
    for (let epoch = 1; epoch <= recipe.epochs; epoch++) {
      const loss = await pass(learner, recipe, training, epoch, watcher);
      if (!Number.isFinite(loss) || !isSound(network)) diverged = epoch;
      // the state of an interrupted epoch is kept only where there is no other
      if (diverged || (best && watcher.stop())) break;
      const score = await validate(network, validation, task);
      const scores = score.scores();
      epochs.push({ epoch, loss, iou: scores.iou });
      watcher.validated(epochs[epochs.length - 1]);
      if (!best || scores.iou > best.iou) best = { ...scores, bestEpoch: epoch, state: network.stateDict(), imageIoUs: score.imageIoUs };
      if (watcher.stop()) break;
    }
    if (!best) throw new LovaszError("nan", `${name} diverged in its first epoch: loss or weights are not finite; lower --lr (now ${lr})`);
    return { loss: name, epochs, ...best, diverged, seconds: (performance.now() - begin) / 1000 };
  } finally {
    optimizer.zeroGrad();
    optimizer.dispose();
    network.dispose();
  }
}

// The mean loss of an epoch's steps, or of those before it was stopped; not finite when one was not.
async function pass(learner: Learner, recipe: Recipe, training: readonly Picture[], epoch: number, watcher: Watcher): Promise<number> {
  const steps = stepsOf(training.length, recipe);
  let sum = 0;
  let count = 0;
  for (const boxes of batchesOf(training, recipe, epoch)) {
    learner.optimizer.lr = learningRate(recipe.lr, ((epoch - 1) * steps + count) / (recipe.epochs * steps));
    sum += await step(learner, boxes);
    count++;
    if (!Number.isFinite(sum)) break;
    watcher.step({ loss: sum / count, epoch });
    await breathe();
    if (watcher.stop()) break;
  }
  return sum / count;
}

async function validate(network: nn.UNet, validation: readonly Picture[], task: Task): Promise<Score> {
  const score = new Score(task);
  for (const picture of validation) {
    const sample = await picture.read();
    score.add(predict(network, sample, task), sample.labels);
    await breathe();
  }
  return score;
}

function isSound(network: nn.UNet): boolean {
  return network.parameters().every(({ data }) => data.every(Number.isFinite));
}

function learningRate(start: number, progress: number): number {
  return (start * (1 + Math.cos(Math.PI * progress))) / 2;
}

// The loss before the step; NaN where the loss refuses logits that are.
async function step({ network, optimizer, criterion, device }: Learner, boxes: readonly Box[]): Promise<number> {
  const held: Tensor[] = [];
  try {
    const crops: Crop[] = [];
    for (const { picture, ...box } of boxes) crops.push(readCrop(await picture.read(), box));
    const { pixels, labels, shape } = batchOf(crops);
    held[0] = tidy(() => network.forward(tensor(pixels, shape)));
    held[1] = await criterion(held[0], labels, device);
    optimizer.zeroGrad();
    held[1].backward();
    optimizer.step();
    return held[1].item();
  } catch (error) {
    const code = error instanceof LovaszError ? error.code : "";
    if (code === "nan") return Number.NaN;
    // JavaScript itself says so with a RangeError
    if (code !== "memory" && !(error instanceof RangeError)) throw error;
    const why = `a step of ${counted(boxes.length, "picture")} needs more memory than there is; lower --batch or --width`;
    throw new LovaszError("memory", why, { cause: error });
  } finally {
    for (const tensor of held) tensor.dispose();
  }
}

/** A crop of a picture that has not been read yet. */
interface Box extends Omit<Crop, "sample"> {
  readonly picture: Picture;
}

// Every picture once; the seed decides the order, and for each one of eight orientations (nature rarely knows up from down).
function* batchesOf(pictures: readonly Picture[], { batch, seed }: Recipe, epoch: number): Generator<Box[]> {
  const random = stream(seed, 1, epoch);
  const boxes = shuffled(pictures, random).map((picture) => {
    const width = Math.min(picture.width, MOST_EXTENT);
    const height = Math.min(picture.height, MOST_EXTENT);
    const left = Math.floor(random() * (picture.width - width + 1));
    const upper = Math.floor(random() * (picture.height - height + 1));
    return { picture, left, upper, width, height, turn: Math.floor(8 * random()) };
  });
  for (let i = 0; i < boxes.length; i += batch) yield boxes.slice(i, i + batch);
}

import { breathe } from "../../model/breathe.js";
import type { Model } from "../../model/model.js";
import { mosaicOf } from "../../model/mosaic.js";
import type { Normalisation } from "../../model/normalisation.js";
import { type Picture, type PictureLike, readPicture } from "../../model/picture.js";
import { pixelsOf } from "../../model/pixels.js";
import { predictLabels } from "../../model/predictLabels.js";
import { readNetwork } from "../../model/readNetwork.js";
import type { SavedNetwork } from "../../model/savedNetwork.js";
import { saveNetwork } from "../../model/saveNetwork.js";
import { taskOf } from "../../model/task.js";
import { toOnnx } from "../../model/toOnnx.js";
import { UNet } from "../../nn/UNet.js";
import { uniform } from "../../random.js";
import type { Box, Progress, Reply, Request, Rival } from "../messages.js";
import { faults } from "../strings.js";
import { intersection, MOST_PIXELS, piecesOf, wholeOf } from "./boxes.js";
import { Drawing, paintedClasses } from "./draw.js";
import { type HeldOutScore, type Interruption, predictBox } from "./overlay.js";
import { Painted } from "./Painted.js";
import { Rate } from "./rate.js";
import { whyBroken, whyFailed } from "./sentences.js";
import { Trainer } from "./Trainer.js";

/** What a learner needs of the place where it runs. */
export interface Surroundings {
  /** Takes what the learner tells the page. */
  readonly reply: (reply: Reply) => void;
  /** The pixels of a file. */
  readonly decode: (file: Blob) => Promise<PictureLike>;
  /** The time in milliseconds. It decides how many steps are taken, and nothing else. */
  readonly now?: () => number;
}

/** A network to start from, and how it reads pictures. */
interface Start {
  readonly network: SavedNetwork;
  readonly normalisation: Normalisation;
}

/** A change of the classes: how many there are then, and the one that goes. */
type Change = readonly [count: number, removed: number | null];

/** What is known of a picture. */
interface Opened {
  readonly painted: Painted;
  /** The pixels as they came, for a network that reads them in another way. */
  readonly picture: Picture;
  /** Which weights predicted what is seen of it, all of it, and how unsure they are; -1 before. */
  readonly by: { seen: number; whole: number; doubt: number };
  /** The scores of held-out strokes in the last prediction. */
  scores: Partial<Record<Rival, HeldOutScore>>;
}

type Asked = Extract<Request, { type: "predict" | "save" }>;
type Replied = Extract<Request, { readonly ask: number }>;

/** Crops a step. */
const CROPS = 4;

/** The learning rate at first: weights that were loaded know something already. */
const RATES = { random: 0.005, loaded: 0.001 };

/** Labels have a bit for HELD_OUT, and UNPAINTED is no class. */
const MOST_CLASSES = 127;

/** Milliseconds of training between two predictions, at first and later: at least as many as a prediction takes. */
const FIRST_BURST = 100;
const BURST = 300;

/** Why a prediction is given up: a message has made it useless. */
const STALE = Symbol("stale");

/**
 * The network of the page, and what it learns from. `hear` takes messages at any time, `run` handles them in their order, between steps.
 * Equal messages before equal steps make equal weights.
 */
export class Learner {
  readonly #reply: (reply: Reply) => void;
  readonly #decode: Surroundings["decode"];
  readonly #now: () => number;
  readonly #messages: Request[] = [];
  readonly #asked: Asked[] = [];
  #wake = () => {};
  #isEnded = false;

  readonly #pictures = new Map<string, Opened>();
  #look: { readonly picture: string; readonly box: Box } | null = null;
  /** Which piece of what is seen of a large picture comes next. */
  #piece = 0;

  #seed = 1;
  /** The weights to start from; null for random ones. */
  #loaded: Uint8Array | null = null;
  /** What has become of the classes since. */
  #changes: Change[] = [];
  #normalisation: Normalisation = "picture";
  #trainers: Trainer[] = [];
  #drawing = new Drawing(uniform(1));
  #rate = new Rate(RATES.random);
  #classes = 2;
  #isPaused = false;
  /** Whether there is something to be seen: weights that were loaded, or have learned. */
  #isTaught = false;
  #steps = 0;
  #seconds = 0;
  /** Counts the changes of the weights. */
  #version = 0;
  /** Milliseconds that the last prediction took. */
  #predicting = 0;
  #loss: Progress["loss"] = {};
  #wasLearning: boolean | null = null;

  constructor({ reply, decode, now = () => performance.now() }: Surroundings) {
    this.#reply = reply;
    this.#decode = decode;
    this.#now = now;
    this.#begin(false);
  }

  /** Takes a message. */
  hear(request: Request): void {
    this.#messages.push(request);
    this.#wake();
  }

  /** Ends `run` before its next step. */
  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** Learns and predicts, until `end` is called. Rejects where it cannot go on. */
  async run(): Promise<void> {
    while (!this.#isEnded) {
      await this.#handleAll();
      if (await this.#isBusy()) continue;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#messages.length > 0 || this.#isEnded) resolve();
      });
    }
    for (const trainer of this.#trainers) trainer.dispose();
    this.#trainers = [];
  }

  // does the next thing that is to be done, and returns whether there was one
  async #isBusy(): Promise<boolean> {
    const [asked] = this.#asked;
    if (asked) {
      await this.#answer(asked);
      return true;
    }
    if (this.#isLearning) {
      await this.#burst();
      return true;
    }
    if (this.#wasLearning !== false) this.#report();
    return this.#isTaught && (await this.#predictNext());
  }

  get #isLearning(): boolean {
    return !this.#isPaused && !this.#rate.isOver && this.#painted.length > 1;
  }

  /** The classes that are painted anywhere. */
  get #painted(): number[] {
    return paintedClasses(this.#canvases, this.#classes);
  }

  get #canvases(): Painted[] {
    return [...this.#pictures.values()].map(({ painted }) => painted);
  }

  // --- messages

  async #handleAll(): Promise<void> {
    for (let next = this.#messages.shift(); next && !this.#isEnded; next = this.#messages.shift()) {
      const request = next;
      if (!("ask" in request)) await this.#handle(request);
      else {
        try {
          this.#grant(request);
        } catch (error) {
          this.#reply({ type: "failed", ask: request.ask, why: whyFailed(error) });
        }
      }
    }
  }

  async #handle(request: Exclude<Request, Replied>): Promise<void> {
    if (request.type === "open") await this.#open(request.picture, request.file);
    else if (request.type === "close") this.#close(request.picture);
    else if (request.type === "paint") {
      this.#opened(request.picture)?.painted.paint(request);
      this.#changed();
    } else if (request.type === "classes") this.#setClasses(request.count, request.removed ?? null);
    else if (request.type === "look") this.#lookAt(request.picture, request.box);
    else if (request.type === "pause") this.#isPaused = request.paused;
    else if (request.type === "compare") this.#compare(request.on);
    else if (request.type === "ping") this.#reply({ type: "pong" });
    else this.#startOver();
  }

  #grant(request: Replied): void {
    const { ask } = request;
    if (request.type === "load") {
      this.#load(request.bytes);
      this.#reply({ type: "loaded", ask, classes: this.#classes });
      return;
    }
    if (request.type === "predict" && !this.#pictures.has(request.picture)) throw new Error(faults.picture.closed);
    if (!this.#isTaught) throw new Error(faults.learner.untaught);
    // after the steps that are under way: what is saved and what is predicted are of the same weights while the learning is paused
    this.#asked.push(request);
  }

  async #open(name: string, file: Blob): Promise<void> {
    try {
      const picture = readPicture("open", "picture", await this.#decode(file));
      const painted = new Painted(pixelsOf(picture, this.#normalisation));
      this.#pictures.set(name, { painted, picture, by: { seen: -1, whole: -1, doubt: -1 }, scores: {} });
      this.#reply({ type: "opened", picture: name, width: picture.width, height: picture.height });
    } catch (error) {
      this.#reply({ type: "broken", picture: name, why: whyBroken(error) });
    }
  }

  #close(name: string): void {
    const opened = this.#opened(name);
    if (!opened) return;
    this.#pictures.delete(name);
    if (this.#look?.picture === name) this.#look = null;
    if (paintedClasses([opened.painted], this.#classes).length > 0) this.#changed();
  }

  #lookAt(name: string, box: Box): void {
    const { picture, box: seen } = this.#look ?? {};
    if (name === picture && (["left", "upper", "width", "height"] as const).every((key) => box[key] === seen?.[key])) return;
    this.#look = { picture: name, box };
    const opened = this.#opened(name);
    // other parts of it are seen now
    if (opened && !isSmall(opened.painted)) opened.by.seen = -1;
  }

  #opened(name: string): Opened | null {
    return this.#pictures.get(name) ?? null;
  }

  // strokes have changed
  #changed(): void {
    this.#rate.reheat();
    this.#wasLearning = null;
  }

  #setClasses(count: number, removed: number | null): void {
    if (removed !== null) for (const painted of this.#canvases) painted.remove(removed);
    else if (count === this.#classes) return;
    for (const trainer of this.#trainers) trainer.setClasses(count, removed);
    this.#changes.push([count, removed]);
    this.#classes = count;
    this.#version += 1;
    this.#changed();
  }

  #startOver(): void {
    this.#seed += 1;
    this.#loaded = null;
    this.#changes = this.#classes === 2 ? [] : [[this.#classes, null]];
    this.#begin(this.#trainers.length > 1);
  }

  #load(bytes: Uint8Array): void {
    const { network } = readStart(bytes);
    const { outChannels } = network.options;
    network.dispose();
    if (outChannels > MOST_CLASSES) throw new Error(faults.learner.classes(outChannels, MOST_CLASSES));
    this.#loaded = bytes;
    this.#changes = [];
    this.#classes = Math.max(2, outChannels);
    this.#begin(this.#trainers.length > 1);
  }

  #compare(isComparing: boolean): void {
    if (isComparing === this.#trainers.length > 1) return;
    if (isComparing) {
      // both networks begin anew, as only then they have seen the same
      this.#begin(true);
      return;
    }
    const [first, ...others] = this.#trainers;
    for (const trainer of others) trainer.dispose();
    this.#trainers = [first];
    this.#version += 1;
  }

  #begin(isComparing: boolean): void {
    for (const trainer of this.#trainers) trainer.dispose();
    const rivals: Rival[] = isComparing ? ["lovasz", "crossEntropy"] : ["lovasz"];
    this.#trainers = rivals.map((rival) => {
      const { network, normalisation } = this.#loaded ? readStart(this.#loaded) : randomStart(this.#seed);
      this.#normalisation = normalisation;
      const trainer = new Trainer(rival, network);
      for (const change of this.#changes) trainer.setClasses(...change);
      return trainer;
    });
    for (const opened of this.#pictures.values()) {
      opened.painted.pixels = pixelsOf(opened.picture, this.#normalisation);
      opened.scores = {};
    }
    this.#drawing = new Drawing(uniform(this.#seed));
    this.#rate = new Rate(this.#loaded ? RATES.loaded : RATES.random);
    [this.#steps, this.#seconds, this.#predicting] = [0, 0, 0];
    this.#loss = {};
    this.#version += 1;
    this.#isTaught = this.#loaded !== null;
    this.#wasLearning = null;
  }

  // --- learning

  async #burst(): Promise<void> {
    const length = this.#steps === 0 ? FIRST_BURST : Math.max(BURST, this.#predicting);
    const trainers = this.#trainers;
    const sums = new Map<Rival, number>();
    const begin = this.#now();
    let steps = 0;
    while (this.#isLearning && (steps === 0 || this.#now() - begin < length)) {
      const before = this.#now();
      for (const [rival, loss] of await this.#step()) sums.set(rival, (sums.get(rival) ?? 0) + loss);
      const seconds = (this.#now() - before) / 1000;
      this.#rate.stepped(seconds);
      this.#seconds += seconds;
      this.#steps += 1;
      steps += 1;
      await breathe();
      await this.#handleAll();
      // all began anew
      if (this.#isEnded || this.#trainers !== trainers) return;
    }
    for (const trainer of trainers) if (!trainer.keep()) this.#rate.halve();
    this.#version += 1;
    this.#isTaught = true;
    this.#loss = Object.fromEntries([...sums].map(([rival, sum]) => [rival, sum / steps]));
    const predicted = this.#now();
    await this.#predictSeen();
    this.#predicting = this.#now() - predicted;
    this.#report();
  }

  // a step of each network, on the same batch
  async #step(): Promise<[Rival, number][]> {
    const extent = extentOf(this.#trainers[0].network);
    const batch = this.#drawing.batch(this.#canvases, this.#painted, this.#classes, CROPS, extent);
    const losses: [Rival, number][] = [];
    for (const trainer of this.#trainers) {
      const loss = await trainer.step(batch, this.#rate.value);
      if (loss === null) this.#rate.halve();
      else losses.push([trainer.rival, loss]);
    }
    return losses;
  }

  #report(): void {
    const isLearning = this.#isLearning;
    this.#wasLearning = isLearning;
    const progress = { steps: this.#steps, seconds: this.#seconds, learning: isLearning, loss: this.#loss, accuracy: this.#accuracy() };
    this.#reply({ type: "progress", ...progress });
  }

  #accuracy(): Progress["accuracy"] {
    const accuracy: Partial<Record<Rival, number>> = {};
    for (const { rival } of this.#trainers) {
      // strokes may be gone since
      const held = [...this.#pictures.values()].filter(({ painted }) => painted.heldOut > 0);
      const scores = held.map(({ scores }) => scores[rival] ?? { right: 0, counted: 0 });
      const counted = scores.reduce((sum, score) => sum + score.counted, 0);
      if (counted > 0) accuracy[rival] = scores.reduce((sum, score) => sum + score.right, 0) / counted;
    }
    return accuracy;
  }

  // --- predicting

  /** The picture that is seen, and the boxes of it that are predicted: of a large one what is seen, in pieces; of others all. */
  get #seen(): { readonly name: string; readonly opened: Opened; readonly boxes: readonly Box[] } | null {
    if (!this.#look) return null;
    const { picture: name, box } = this.#look;
    const opened = this.#opened(name);
    if (!opened) return null;
    const whole = wholeOf(opened.painted);
    if (isSmall(opened.painted)) return { name, opened, boxes: [whole] };
    const seen = intersection(box, whole);
    return { name, opened, boxes: seen.width * seen.height > 0 ? piecesOf(seen) : [] };
  }

  // Predicts what is seen: of a large picture one piece after the other.
  async #predictSeen(): Promise<void> {
    const { name, boxes } = this.#seen ?? { name: "", boxes: [] };
    if (boxes.length > 0) await this.#predict(name, boxes[this.#piece++ % boxes.length]);
  }

  // While nothing is learned: what is seen, then all of it, then how unsure the network is of other pictures. Returns whether there was one.
  async #predictNext(): Promise<boolean> {
    const version = this.#version;
    const seen = this.#seen;
    if (seen && seen.opened.by.seen < version) {
      seen.opened.by.seen = version;
      for (const box of seen.boxes) {
        if (!this.#isLearning && (await this.#predict(seen.name, box))) continue;
        seen.opened.by.seen = -1;
        break;
      }
      return true;
    }
    if (seen && seen.opened.by.whole < version) {
      await this.#predict(seen.name, wholeOf(seen.opened.painted));
      return true;
    }
    const other = [...this.#pictures].find(([, { by }]) => by.doubt < version);
    if (!other) return false;
    await this.#judge(...other);
    return true;
  }

  // Predicts a box by each network, and returns whether that was done: not where a message has made it useless.
  async #predict(name: string, box: Box): Promise<boolean> {
    const opened = this.#pictures.get(name) as Opened;
    const { painted } = opened;
    const isWhole = box.width === painted.width && box.height === painted.height;
    const version = this.#version;
    const look = this.#look;
    const isLarge = !isSmall(painted);
    const isStale = () => {
      if (this.#version !== version || this.#opened(name) !== opened) return true;
      return isLarge && (this.#look !== look || (isWhole && this.#isLearning));
    };
    for (const { rival, network } of this.#trainers) {
      const take = (part: { box: Box; labels: Uint8Array }) => this.#reply({ type: "overlay", picture: name, rival, ...part });
      const summary = await finished(predictBox(network, painted, box, take, this.#interruption(isStale)));
      if (!summary || isStale()) return false;
      // a piece may be without strokes that are held out
      if (isWhole || summary.counted > 0) opened.scores[rival] = summary;
      if (isWhole && rival === "lovasz") this.#tellDoubt(name, opened, summary.doubt, version);
    }
    if (isWhole) opened.by.seen = opened.by.whole = version;
    return true;
  }

  // how unsure the network is of a picture that is not seen, or of a large one
  async #judge(name: string, opened: Opened): Promise<void> {
    const version = this.#version;
    const { network } = this.#trainers[0];
    const painted = new Painted(mosaicOf(opened.painted.pixels));
    const isStale = () => this.#version !== version || this.#opened(name) !== opened || this.#isLearning;
    const summary = await finished(predictBox(network, painted, wholeOf(painted), () => {}, this.#interruption(isStale)));
    if (summary) this.#tellDoubt(name, opened, summary.doubt, version);
  }

  #tellDoubt(name: string, { by }: Opened, share: number, version: number): void {
    by.doubt = version;
    this.#reply({ type: "unsure", picture: name, share });
  }

  async #answer(asked: Asked): Promise<void> {
    if (asked.type === "predict") return this.#predictWhole(asked);
    this.#asked.shift();
    const { network } = this.#trainers[0];
    const loss = network.options.outChannels === 1 ? "bce+lovasz-sigmoid" : "ce+lovasz-softmax";
    const model = { network, normalisation: this.#normalisation, loss };
    try {
      this.#reply({ type: "saved", ask: asked.ask, bytes: asked.format === "onnx" ? toOnnx(model) : saveNetwork(model) });
    } catch (error) {
      this.#reply({ type: "failed", ask: asked.ask, why: whyFailed(error) });
    }
  }

  async #predictWhole({ picture: name, ask }: Extract<Asked, { type: "predict" }>): Promise<void> {
    const opened = this.#opened(name);
    const version = this.#version;
    const isStale = () => this.#version !== version || this.#opened(name) !== opened;
    try {
      if (!opened) throw new Error(faults.picture.closed);
      const { network } = this.#trainers[0];
      const wanted = { task: taskOf(network.options.outChannels), ...this.#interruption(isStale) };
      const predicted = await finished(predictLabels(network, opened.painted.pixels, wanted));
      // it is asked again of the weights that are new
      if (!predicted) return;
      this.#reply({ type: "predicted", ask, labels: predicted.labels });
    } catch (error) {
      this.#reply({ type: "failed", ask, why: whyFailed(error) });
    }
    this.#asked.shift();
  }

  // messages are handled between tiles
  #interruption(isStale: () => boolean): Interruption {
    const onProgress = async () => {
      await breathe();
      await this.#handleAll();
    };
    return {
      onProgress,
      signal: {
        get aborted() {
          return isStale();
        },
        reason: STALE,
      },
    };
  }
}

function randomStart(seed: number): Start {
  return { network: new UNet({ width: 8, levels: 2, norm: "group", seed }), normalisation: "picture" };
}

// what is read is of a kind that can be saved
const readStart = (bytes: Uint8Array) => readNetwork(faults.learner.model, bytes) as Model & Start;

/** The extent of crops: networks that halve the resolution often see more. */
function extentOf(network: SavedNetwork): number {
  return network instanceof UNet && network.options.levels <= 3 ? 64 : 128;
}

function isSmall({ width, height }: Painted): boolean {
  return width * height <= MOST_PIXELS;
}

// null where the prediction was given up
async function finished<T>(prediction: Promise<T>): Promise<T | null> {
  try {
    return await prediction;
  } catch (error) {
    if (error === STALE) return null;
    throw error;
  }
}

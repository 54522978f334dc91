// A picture of the project: its file, its strokes, and what the networks predict.
import { type Signal, signal } from "@preact/signals";
import { type Colour, Layer } from "./layer.js";
import { type Box, HELD_OUT, type Overlay, type Rival, UNPAINTED } from "./messages.js";
import { putPart, type Strokes, unpainted } from "./strokes.js";

/** What one network predicts. */
interface Predicted {
  /** A label for each pixel; null before the first prediction. */
  labels: Uint8Array | null;
  readonly layer: Layer;
}

/** What is known of a picture once it could be decoded. */
export interface Content {
  readonly bitmap: ImageBitmap;
  readonly strokes: Strokes;
  readonly predicted: Readonly<Record<Rival, Predicted>>;
}

/** A picture of the project. */
export class Picture {
  readonly id: string;
  readonly name: string;
  readonly file: Blob;
  /** Null until it is decoded. */
  readonly content: Signal<Content | null> = signal(null);
  /** Why it cannot be opened; null while it can. */
  readonly broken: Signal<string | null> = signal(null);
  /** The share of the pixels that is painted. */
  readonly painted = signal(0);
  /** How unsure the network is of it, from 0 to 1; null until it was predicted. */
  readonly unsure: Signal<number | null> = signal(null);
  readonly #counts = new Uint32Array(256);

  constructor(id: string, name: string, file: Blob) {
    [this.id, this.name, this.file] = [id, name, file];
  }

  /** Takes the decoded picture; `labels` are strokes of an earlier time. */
  open(bitmap: ImageBitmap, colours: readonly Colour[], labels?: Uint8Array): Content {
    const { width, height } = bitmap;
    const strokes = unpainted(width, height);
    if (labels?.length === strokes.labels.length) strokes.labels.set(labels);
    const predicted = () => ({ labels: null, layer: new Layer(width, height) });
    const content = { bitmap, strokes, predicted: { lovasz: predicted(), crossEntropy: predicted() } };
    this.content.value = content;
    this.colour(colours);
    this.count();
    return content;
  }

  /** Sets the colours of the classes. */
  colour(colours: readonly Colour[]): void {
    for (const { layer } of this.#predictions()) layer.colour(colours);
  }

  /** Has `box` drawn anew, or the whole picture. */
  change(box?: Box): void {
    const content = this.content.peek();
    if (!content) return;
    const whole = { left: 0, upper: 0, width: content.strokes.width, height: content.strokes.height };
    for (const { layer } of this.#predictions()) layer.change(box ?? whole);
  }

  /** Counts the pixels of each label. */
  count(): void {
    this.#counts.fill(0);
    for (const label of this.content.peek()?.strokes.labels ?? []) this.#counts[label]++;
    this.#share();
  }

  /** Counts pixels that were `before` and are `after`. */
  recount(before: Uint8Array, after: Uint8Array): void {
    for (const label of before) this.#counts[label]--;
    for (const label of after) this.#counts[label]++;
    this.#share();
  }

  /** Whether a class has strokes. */
  has(label: number): boolean {
    return this.#counts[label] + this.#counts[label | HELD_OUT] > 0;
  }

  #share(): void {
    const pixels = this.#counts.reduce((sum, count) => sum + count, 0);
    this.painted.value = pixels === 0 ? 0 : 1 - this.#counts[UNPAINTED] / pixels;
  }

  /** Takes what a network predicts of a part. */
  predict({ rival, box, labels }: Overlay): void {
    const content = this.content.peek();
    if (!content) return;
    const predicted = content.predicted[rival];
    predicted.labels ??= new Uint8Array(content.strokes.labels.length);
    putPart(predicted.labels, content.strokes.width, { box, labels });
    predicted.layer.change(box);
  }

  /** Forgets what the networks predicted: their weights are new, or their classes. */
  forget(): void {
    for (const predicted of this.#predictions()) predicted.labels = null;
    this.unsure.value = null;
    this.change();
  }

  #predictions(): Predicted[] {
    return Object.values(this.content.peek()?.predicted ?? {});
  }
}

// What the page and the learner, its worker, tell each other.

/** The label of an unpainted pixel: the losses ignore it. */
export const UNPAINTED = 255;

/** Set in the label of a painted pixel whose stroke is kept back from training, to score the network by. Classes are therefore below 127. */
export const HELD_OUT = 128;

/** A rectangle of a picture, in its pixels. */
export interface Box {
  readonly left: number;
  readonly upper: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels of `box`, row by row. */
export interface Part {
  readonly box: Box;
  readonly labels: Uint8Array;
}

/** The networks that learn: by the default loss, and, while losses are compared, by cross-entropy alone. */
export type Rival = "lovasz" | "crossEntropy";

/** What a network predicts. The highest bit of a label, UNSURE, marks a region where it is unsure. */
export interface Overlay extends Part {
  readonly picture: string;
  readonly rival: Rival;
}

/** Set in a predicted label where the network is unsure: "paint here next". */
export const UNSURE = 128;

/** What the page asks of the learner. Messages are handled in their order, between two steps. */
export type Request =
  /** A new picture; it is decoded in the worker, and answered by "opened" or "broken". */
  | { readonly type: "open"; readonly picture: string; readonly file: Blob }
  | { readonly type: "close"; readonly picture: string }
  /** Painted or erased pixels. */
  | ({ readonly type: "paint"; readonly picture: string } & Part)
  /** How many classes there are, at least two. With `removed`, that one of them is gone, and those after it have moved down by one. */
  | { readonly type: "classes"; readonly count: number; readonly removed?: number }
  /** The picture that is shown, and the part of it that is seen: it is predicted first. */
  | { readonly type: "look"; readonly picture: string; readonly box: Box }
  | { readonly type: "pause"; readonly paused: boolean }
  /** Whether a second network learns by cross-entropy alone. */
  | { readonly type: "compare"; readonly on: boolean }
  /** New random weights. */
  | { readonly type: "startOver" }
  /** A model to start from, as safetensors; answered by "loaded" or "failed". */
  | { readonly type: "load"; readonly bytes: Uint8Array; readonly ask: number }
  /** Answered by "saved". */
  | { readonly type: "save"; readonly format: "safetensors" | "onnx"; readonly ask: number }
  /** Answered by "pong", to show that it lives. */
  | { readonly type: "ping" }
  /** The labels of a whole picture; answered by "predicted". */
  | { readonly type: "predict"; readonly picture: string; readonly ask: number };

/** What the learner tells the page. */
export type Reply =
  /** It runs, on so many threads. */
  | { readonly type: "ready"; readonly threads: number }
  | { readonly type: "pong" }
  | { readonly type: "opened"; readonly picture: string; readonly width: number; readonly height: number }
  | { readonly type: "broken"; readonly picture: string; readonly why: string }
  /** After each burst of steps. */
  | ({ readonly type: "progress" } & Progress)
  | ({ readonly type: "overlay" } & Overlay)
  /** How unsure the network is of a picture, from 0 to 1: the mean over its pixels. */
  | { readonly type: "unsure"; readonly picture: string; readonly share: number }
  | { readonly type: "loaded"; readonly ask: number; readonly classes: number }
  | { readonly type: "saved"; readonly ask: number; readonly bytes: Uint8Array }
  | { readonly type: "predicted"; readonly ask: number; readonly labels: Uint8Array }
  /** What was asked could not be done. */
  | { readonly type: "failed"; readonly ask: number; readonly why: string }
  /** It cannot go on: the page starts another worker. */
  | { readonly type: "dead"; readonly why: string };

/** How far the learning is. */
export interface Progress {
  /** Steps since the start, or since "start over". */
  readonly steps: number;
  /** Seconds of training. */
  readonly seconds: number;
  /** Whether it goes on: false while paused, before there are strokes of two classes, and once nothing is left to be learned. */
  readonly learning: boolean;
  /** The mean loss of the steps of this burst, of each network that learns. */
  readonly loss: Partial<Record<Rival, number>>;
  /** The share of the pixels of held-out strokes that have the right class; absent without such strokes. */
  readonly accuracy: Partial<Record<Rival, number>>;
}

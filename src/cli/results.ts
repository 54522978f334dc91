// What a training run leaves behind: the numbers and pictures that the table, metrics.json and report.html are made of.

/** Fractions from 0 to 1 on the validation pictures. */
export interface Scores {
  /** Intersection over union of all pixels together (the mean over classes, where there are several). */
  iou: number;
  /** The mean over pictures of each one's. */
  meanImageIoU: number;
  dice: number;
}

export interface Epoch {
  /** Mean training loss. */
  loss: number;
  /** Validation IoU. */
  iou: number;
}

/** One loss, trained from the same start as the others. */
export interface Run extends Scores {
  /** As on the command line, e.g. `bce+lovasz-hinge`. */
  loss: string;
  epochs: Epoch[];
  /** The epoch (from 1) whose network was kept: that of the best validation IoU. */
  bestEpoch: number;
  seconds: number;
}

/** A validation picture with what each loss makes of it. Maps hold one byte a pixel: the class, or `VOID`. */
export interface Picture {
  name: string;
  width: number;
  height: number;
  /** Three bytes a pixel. */
  rgb: Uint8Array;
  truth: Uint8Array;
  predictions: { loss: string; classes: Uint8Array; iou: number }[];
}

/** The mark of a void pixel in a map. */
export const VOID = 255;

export interface Results {
  /** What was trained on what, in a few words. */
  title: string;
  runs: Run[];
  pictures: Picture[];
  /** Settings worth showing, in order: data, network, epochs, batch, learning rate, seed, ... */
  settings: Record<string, string | number>;
  /** Who won and by how much, in one sentence. */
  verdict: string;
}

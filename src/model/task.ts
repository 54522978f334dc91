// What a network decides: foreground or background, or one of several classes.

/** A way to read logits and to compare what they say with the truth. */
export interface Task {
  /** How many classes; null for foreground and background from one logit a pixel. */
  readonly classes: number | null;
  /** Channels of the network's output. */
  readonly outChannels: number;
  /** The label of each of `pixels` pixels from logits [outChannels, pixels]. */
  decide(logits: Float32Array, pixels: number): Uint8Array;
  /**
   * Intersection over union, a fraction, of the foreground (1 where neither truth nor prediction has any) or of each class that
   * truth or prediction has, from a confusion matrix.
   */
  ious(matrix: readonly (readonly number[])[]): readonly number[];
}

/** Foreground where the logit is positive. */
export const binaryTask: Task = {
  classes: null,
  outChannels: 1,
  decide: (logits) => Uint8Array.from(logits, (logit) => (logit > 0 ? 1 : 0)),
  ious: (matrix) => [iouOf(matrix, 1) ?? 1],
};

/** The class of the largest logit. */
export function multiclassTask(classes: number): Task {
  return {
    classes,
    outChannels: classes,
    decide: (logits, pixels) => Uint8Array.from({ length: pixels }, (_, i) => largest(logits, i, pixels)),
    ious: (matrix) => [...matrix.keys()].map((one) => iouOf(matrix, one)).filter((iou) => iou !== null),
  };
}

/** What a network with so many output `channels` decides. */
export function taskOf(channels: number): Task {
  return channels === 1 ? binaryTask : multiclassTask(channels);
}

// null for a class that neither truth nor prediction has
function iouOf(matrix: readonly (readonly number[])[], one: number): number | null {
  const truth = matrix[one].reduce((sum, count) => sum + count, 0);
  const said = matrix.reduce((sum, row) => sum + row[one], 0);
  const union = truth + said - matrix[one][one];
  return union === 0 ? null : matrix[one][one] / union;
}

function largest(logits: Float32Array, first: number, step: number): number {
  let best = first;
  for (let at = first + step; at < logits.length; at += step) if (logits[at] > logits[best]) best = at;
  return (best - first) / step;
}

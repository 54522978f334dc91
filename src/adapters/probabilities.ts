// Warns once of probabilities where logits are expected. They train, only badly, and without an error. Models of other trainers often
// end in a softmax or a sigmoid, as the losses of these trainers expect probabilities.
import type { Layout } from "../losses/channels.js";
import type { LossName } from "./lossName.js";

/** Looks at the outputs of one step. */
export type Watch = (outputs: ArrayLike<number>, shape: readonly number[]) => void;

/**
 * Watches the outputs of a model, which the loss `name` takes for logits, and warns once if they look like probabilities. For a
 * softmax, whose rows sum to 1, two rows are enough. Numbers from 0 to 1 are weaker evidence: an untrained network may have such
 * logits too, but around 0, whereas probabilities lie around 1/2. So it takes FEW numbers on both sides of 1/2, or three batches in a
 * row. Equal numbers, such as the zeros of a network initialised with them, are no evidence. The first number outside of 0..1 ends
 * the watch for good, so a model of logits only pays for a look at some of its first batch.
 */
export function watchProbabilities(name: LossName, layout: Layout, outputs: string): Watch {
  let [isOver, rows, numbers, batches, isAround] = [false, 0, 0, 0, false];
  return (values, shape) => {
    if (isOver || values.length === 0) return;
    const classAxis = shape.length === 2 || layout === "NHWC" ? shape.length - 1 : 1;
    const isSoftmax = name === "lovaszSoftmax";
    const seen = isSoftmax ? scanRows(values, shape, classAxis) : scan(values);
    if (!seen) {
      isOver = true;
      return;
    }
    if (!isSoftmax && seen.most === seen.least) return;
    rows += values.length / (shape[classAxis] ?? 1);
    numbers += values.length;
    batches += 1;
    isAround ||= seen.least < 0.5 && seen.most > 0.5;
    const isClear = isSoftmax ? rows >= 2 : numbers >= FEW && (isAround || batches >= 3);
    if (!isClear) return;
    isOver = true;
    console.warn(`${name}: ${outputs} looks like probabilities, but the loss expects logits and would train badly; ${CURE[name]}`);
  };
}

const FEW = 4;

const CURE: Readonly<Record<LossName, string>> = {
  lovaszHinge: "remove the sigmoid at the end of the model, or use lovaszSigmoid({ fromLogits: false })",
  lovaszSigmoid:
    "pass { fromLogits: false }, or remove the sigmoid at the end of the model; { fromLogits: true } says that these are logits",
  lovaszSoftmax:
    "pass { fromLogits: false }, or remove the softmax at the end of the model; { fromLogits: true } says that these are logits",
};

// a softmax in float32 may round to a little more
const MOST = 1 + 1e-5;

interface Range {
  least: number;
  most: number;
}

// null where a number is outside of 0..1
function scan(values: ArrayLike<number>): Range | null {
  let [least, most] = [1, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value >= 0 && value <= MOST)) return null;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

// the same, and null where the classes of a pixel do not sum to 1; a single class of logit 1 would, so it is left out
function scanRows(values: ArrayLike<number>, shape: readonly number[], axis: number): Range | null {
  const classes = shape[axis] ?? 1;
  if (classes < 2) return null;
  const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const block = classes * stride;
  for (let start = 0; start < values.length; start += block) {
    for (let i = start; i < start + stride; i++) {
      let sum = 0;
      for (let k = i; k < i + block; k += stride) {
        const value = values[k];
        if (!(value >= 0 && value <= MOST)) return null;
        sum += value;
      }
      if (Math.abs(sum - 1) > 1e-3) return null;
    }
  }
  return { least: 0, most: 1 };
}

// One image over several workers, exactly and without a merge. Each worker sorts the pixels whose errors lie in a range of its
// own. Of all others it needs only their masses, for the weight of a pixel depends on nothing else: those above its range are
// stood in for by one positive and one negative pixel of the range's upper end, the positives below by one of no error.
//
//   errors, descending:   | above: masses of positives, negatives | own: pixel by pixel | below: mass of positives |
//
// What the stand-ins above add to the loss, the set function of their masses times their error, is taken off again.
import { valueAndGrad } from "../../losses/valueAndGrad.js";
import { lossNamed } from "./losses.js";
import type { Outcome, RangeLoss, RangeTask } from "./protocol.js";

/** How the input of a loss and its errors belong together; "error" is anything that orders as the error does. */
interface Order {
  error: (value: number, label: number) => number;
  /** The input of a positive whose error orders there; of a negative, its mirror image. */
  positive: (error: number) => number;
  negative: (error: number) => number;
  /** The error itself. */
  size: (error: number) => number;
  /** The input of a positive without error. */
  right: number;
}

const ORDERS: Record<RangeLoss, Order> = {
  lovaszHinge: {
    error: (x, label) => (label === 1 ? 1 - x : 1 + x),
    positive: (error) => 1 - error,
    negative: (error) => error - 1,
    size: (error) => Math.max(0, error),
    right: 1,
  },
  lovaszSigmoid: {
    error: (x, label) => (label === 1 ? -x : x),
    positive: (error) => -error,
    negative: (error) => error,
    size: (error) => 1 / (1 + Math.exp(-error)),
    right: 3e38,
  },
  lovaszExtension: { error: (x) => x, positive: (e) => e, negative: (e) => e, size: (e) => e, right: 0 },
};

/** The part of a loss that `task` asks for, and the gradient of its pixels. */
export function lossOfRange(task: RangeTask): Outcome {
  const order = ORDERS[task.loss];
  const [low, high] = bounds(task, order);
  const own = gather(task, order, low, high);
  if (own.count === 0) return write(task, own, new Float32Array(0), 0);
  const { values, labels, weights, count, room } = own;
  const { value, grad } = valueAndGrad<Int32Array>(lossNamed(task.loss))(values.subarray(0, room), labels.subarray(0, room), {
    ...task.options,
    shape: [room],
    ...(weights && { pixelWeights: weights.subarray(0, room) }),
  });
  const { positives, falsePositives, falseNegatives } = own;
  const above = falsePositives + falseNegatives === 0 ? 0 : costOf(positives, falsePositives, falseNegatives, task) * order.size(high);
  return write(task, own, grad.subarray(0, count), value - above);
}

// where the errors of a part begin and end: quantiles of a sample, the same in every worker
function bounds({ input, labels, part, parts }: RangeTask, order: Order): [low: number, high: number] {
  const step = Math.max(1, Math.floor(labels.length / 4096));
  const sample: number[] = [];
  for (let i = 0; i < labels.length; i += step) {
    const error = labels[i] < 0 ? 0 : order.error(input[i], labels[i]);
    // errors of 0 cost the hinge nothing, wherever they go
    if (labels[i] >= 0 && (order !== ORDERS.lovaszHinge || error > 0)) sample.push(error);
  }
  const sorted = Float64Array.from(sample).sort();
  const at = (k: number) => sorted[Math.floor((k * sorted.length) / parts)] ?? Number.NEGATIVE_INFINITY;
  return [part === 0 ? Number.NEGATIVE_INFINITY : at(part), part === parts - 1 ? Number.POSITIVE_INFINITY : at(part + 1)];
}

interface Own {
  /** Pixels of the range, then their stand-ins: `room` in all. */
  values: Float32Array;
  labels: Int32Array;
  weights: Float32Array | null;
  places: Uint32Array;
  count: number;
  room: number;
  positives: number;
  falsePositives: number;
  falseNegatives: number;
}

function gather({ input, labels, weights, part, parts }: RangeTask, order: Order, low: number, high: number): Own {
  const n = labels.length;
  const own = { values: new Float32Array(n + 3), labels: new Int32Array(n + 3), places: new Uint32Array(n) };
  const masses = weights || parts > 1 ? new Float32Array(n + 3) : null;
  const { error } = order;
  let [count, above, aboveNegative, within, below] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const label = labels[i];
    if (label < 0) {
      // void pixels have no slope, which somebody has to say
      if (part === 0) {
        own.labels[count] = -1;
        own.places[count++] = i;
      }
      continue;
    }
    const mass = weights ? weights[i] : 1;
    const e = error(input[i], label);
    if (e >= high) {
      if (label === 1) above += mass;
      else aboveNegative += mass;
    } else if (e < low) {
      below += label * mass;
    } else {
      within += label * mass;
      own.values[count] = input[i];
      own.labels[count] = label;
      if (masses) masses[count] = mass;
      own.places[count++] = i;
    }
  }
  let room = count;
  const stand = (value: number, label: number, mass: number) => {
    if (mass === 0 || !masses) return;
    own.values[room] = value;
    own.labels[room] = label;
    masses[room++] = mass;
  };
  stand(order.positive(high), 1, above);
  stand(order.negative(high), 0, aboveNegative);
  stand(order.right, 1, below);
  return { ...own, weights: masses, count, room, positives: above + within + below, falsePositives: aboveNegative, falseNegatives: above };
}

// the set function, as assembly/lovasz/weights.ts has it
function costOf(positives: number, fp: number, fn: number, { alpha, beta }: { alpha: number; beta: number }): number {
  const shared = positives - fn;
  const below = shared + alpha * fp + beta * fn;
  return below > 0 ? 1 - shared / below : 0;
}

function write({ into }: RangeTask, { places, count }: Own, slopes: Float32Array, value: number): Outcome {
  if (!into) return { value, array: slopes.slice(), places: places.slice(0, count) };
  for (let k = 0; k < count; k++) into[places[k]] = slopes[k];
  return { value, array: null, places: null };
}

// How far loss and gradient are from float64, beside the published float32 arithmetic.
import { lovaszHinge, lovaszSoftmax, valueAndGrad } from "../dist/index.js";
import { binaryLabels, classLabels, normals } from "./random.mjs";
import * as reference from "./reference.mjs";

export const title = "Distance from float64: loss relative; gradient relative to its largest entry and entry by entry";
const CLASSES = 3;

/** Rows: loss, pixels, labels, whose arithmetic, and four figures. */
export function* run() {
  for (const power of [18, 20, 22]) {
    const n = 2 ** power;
    for (const [name, labels] of [
      ["20 % positive", binaryLabels(n, 0.2, 1)],
      ["1 in a million", binaryLabels(n, 1e-6, 2)],
    ]) {
      const logits = normals(n, power);
      const truth = reference.hinge(logits, labels, reference.exact);
      yield row("hinge", n, name, "lovasz", truth, valueAndGrad(lovaszHinge)(logits, labels));
      yield row("hinge", n, name, "float32 differences", truth, plain(reference.hinge(logits, labels, reference.published)));
    }
  }
  for (const power of [18, 20, 22]) {
    const n = 2 ** power;
    const rare = Uint8Array.from(binaryLabels(n, 1e-6, 3), (one) => (one ? 2 : 0));
    rare[7] = 1;
    for (const [name, labels] of [
      [`${CLASSES} classes alike`, classLabels(n, CLASSES, 1)],
      ["1 in a million", rare],
    ]) {
      const logits = normals(CLASSES * n, power);
      const truth = reference.softmax(logits, labels, CLASSES, reference.exact);
      const options = { shape: [1, CLASSES, n] };
      yield row("softmax", n, name, "lovasz", truth, valueAndGrad(lovaszSoftmax)(logits, labels, options));
      yield row("softmax", n, name, "float32 differences", truth, plain(reference.softmax(logits, labels, CLASSES, reference.published)));
    }
  }
}

const plain = ({ loss, gradient }) => ({ value: loss, grad: gradient });

function row(loss, pixels, labels, arithmetic, truth, { value, grad }) {
  let [largest, worst, relative, vanished, count] = [0, 0, 0, 0, 0];
  truth.gradient.forEach((derivative, i) => {
    const off = Math.abs(grad[i] - derivative);
    largest = Math.max(largest, Math.abs(derivative));
    worst = Math.max(worst, off);
    if (derivative === 0) return;
    count += 1;
    relative = Math.max(relative, off / Math.abs(derivative));
    vanished += Number(grad[i] === 0);
  });
  return {
    loss,
    pixels,
    labels,
    arithmetic,
    "loss off by": (Math.abs(value - truth.loss) / truth.loss).toExponential(1),
    "gradient, of its largest": (worst / largest).toExponential(1),
    "gradient, worst entry": relative.toExponential(1),
    "entries lost": `${((100 * vanished) / count).toFixed(1)} %`,
  };
}

// The exact losses beside what else computes them.
import { lovaszHinge, lovaszSoftmax, valueAndGrad } from "../dist/index.js";
import { native, torch } from "./peers/peer.mjs";
import { binaryLabels, classLabels, normals } from "./random.mjs";
import { compare, milliseconds, plusMinus } from "./timing.mjs";

export const title = "Loss and gradient, exact: times of one call, and how many times ours";

/** Rows: a loss at a size, and each who computes it. */
export async function* run() {
  for (const side of [512]) {
    const n = side * side;
    const [logits, labels] = [normals(n, 1), binaryLabels(n, 0.2, 2)];
    const out = new Float32Array(n);
    const peers = { "C++ radix": native(logits, labels), PyTorch: torch(logits, labels) };
    yield* rows(
      `hinge ${side}x${side}`,
      await compare({ lovasz: () => valueAndGrad(lovaszHinge)(logits, labels, { out }), ...peers }, { rounds: 31 }),
    );
    for (const peer of Object.values(peers)) peer?.end();
  }
  const [classes, n] = [21, 512 * 512];
  const [logits, labels] = [normals(classes * n, 3), classLabels(n, classes, 4)];
  const out = new Float32Array(classes * n);
  const options = { shape: [1, classes, 512, 512], out };
  const peer = torch(logits, labels);
  yield* rows(
    "softmax 21x512x512",
    await compare({ lovasz: () => valueAndGrad(lovaszSoftmax)(logits, labels, options), PyTorch: peer }, { rounds: 9, warm: 1 }),
  );
  peer?.end();
}

function* rows(what, times) {
  for (const [who, { median, spread }] of Object.entries(times)) {
    yield { what, who, time: milliseconds(median), spread: plusMinus(spread), ratio: (median / times.lovasz.median).toFixed(2) };
  }
}

// A hinge for each channel beside the same rows through lovaszHinge, one image each: what telling the channels apart costs.
import { lovaszHinge, lovaszMultilabel, multiLovaszHinge, valueAndGrad } from "../dist/index.js";
import { binaryLabels, normals, uniform } from "./random.mjs";
import { compare, milliseconds, plusMinus } from "./timing.mjs";

export const title = "Loss and gradient of a hinge for each channel: times of one call, and by that of the same rows through lovaszHinge";

const ROUNDS = { rounds: 31, warm: 3 };
const kinds = {
  Uint8Array: (labels) => labels,
  Int32Array: (labels) => Int32Array.from(labels),
  "number[]": (labels) => Array.from(labels),
};

// [images, pixels, classes] of the layouts: where number `at` of an input is among rows
const nhwc = (image, pixel, c, { pixels, classes }) => (image * pixels + pixel) * classes + c;
const nchw = (image, pixel, c, { pixels, classes }) => (image * classes + c) * pixels + pixel;

/** Rows: the layout, the labels, the time, its spread and the ratio. */
export async function* run() {
  for (const classes of [4, 2, 21]) {
    const side = classes === 21 ? 64 : 128;
    const one = { images: 1, pixels: 4 * side * side, classes };
    const four = { images: 4, pixels: side * side, classes };
    yield* layout("[1, C, H, W]", [1, classes, 2 * side, 2 * side], one, nchw, {});
    yield* layout("[4, C, H, W]", [4, classes, side, side], four, nchw, {});
    yield* layout("[4, C, H, W], per image", [4, classes, side, side], four, nchw, { perImage: true });
    yield* layout("[1, H, W, C]", [1, 2 * side, 2 * side, classes], one, nhwc, { layout: "NHWC" });
    yield* layout("[4, H, W, C]", [4, side, side, classes], four, nhwc, { layout: "NHWC" });
    yield* layout("[4, H, W, C], per image", [4, side, side, classes], four, nhwc, { layout: "NHWC", perImage: true });
    yield* layout("[P, C]", [one.pixels, classes], one, nhwc, {});
  }
}

async function* layout(name, shape, extents, at, options) {
  const { images, pixels, classes } = extents;
  const n = images * pixels * classes;
  const next = uniform(3);
  const rows = { logits: normals(n, 1), labels: binaryLabels(n, 0.2, 2), weights: Float32Array.from({ length: n }, () => 0.5 + next()) };
  // the row of each channel of an image, or of all images, and its offset in the input
  const offsets = [];
  const eachRow = options.perImage ? images : 1;
  for (let group = 0; group < eachRow; group++) {
    for (let c = 0; c < classes; c++) {
      for (let i = group; i < (options.perImage ? group + 1 : images); i++) {
        for (let pixel = 0; pixel < pixels; pixel++) offsets.push(at(i, pixel, c, extents));
      }
    }
  }
  const arranged = (values) => {
    const out = new values.constructor(n);
    offsets.forEach((offset, i) => {
      out[offset] = values[i];
    });
    return out;
  };
  const own = { logits: arranged(rows.logits), labels: arranged(rows.labels), weights: arranged(rows.weights) };
  const out = new Float32Array(n);
  const rowShape = [eachRow * classes, n / classes / eachRow];
  const hinge = (labels, extra) => () => valueAndGrad(lovaszHinge)(rows.logits, labels, { shape: rowShape, out, ...extra });
  const loss = (labels, extra) => () => valueAndGrad(lovaszMultilabel)(own.logits, labels, { ...options, shape, out, ...extra });
  const what = `${name}, C = ${classes}`;
  for (const [kind, of] of Object.entries(kinds)) {
    yield* row(what, kind, hinge(of(rows.labels)), loss(of(own.labels)));
  }
  yield* row(
    what,
    "Uint8Array, weights",
    hinge(rows.labels, { pixelWeights: rows.weights }),
    loss(own.labels, { pixelWeights: own.weights }),
  );
  // which makes a new array for its gradient
  if (shape.length === 2)
    yield* row(`multiLovaszHinge, C = ${classes}`, "Uint8Array", hinge(rows.labels, { out: undefined }), () =>
      multiLovaszHinge(own.logits, own.labels, { shape }),
    );
}

async function* row(what, labels, rows, channels) {
  const times = await compare({ rows, channels }, ROUNDS);
  const { median, spread } = times.channels;
  yield { what, labels, time: milliseconds(median), spread: plusMinus(spread), ratio: (median / times.rows.median).toFixed(2) };
}

import { type CaseOptions, extentsOf, type Kind, type LossCase } from "../lossCase.js";
import { drawLabels } from "./labels.js";
import { drawLogits } from "./logits.js";
import { drawProbabilities } from "./probabilities.js";
import { between, chance, pick, type Random } from "./random.js";
import { drawExtents, drawPlane } from "./shape.js";
import { drawTurn, sizeOfTurn } from "./size.js";

/** An option that not every loss knows. */
export type Honoured = "ignore" | "perImage" | "classes";

/** Settings of cases. */
export interface CaseSettings {
  /** The options that the loss knows, which cases may use. Default: all. */
  honours?: readonly Honoured[];
  /** The most pixels of an image. Default 2049. */
  maxPixels?: number;
}

/** A case of `kind`. Its size is number `turn` of the list of sizes, so that a check tries every size. */
export function drawLossCase(random: Random, kind: Kind, settings: CaseSettings = {}, turn = drawTurn(random)): LossCase {
  const size = sizeOfTurn(turn, settings.maxPixels);
  const extents = drawExtents(random, kind === "softmax", size);
  // a loss that knows no images gets one
  if (settings.honours?.includes("perImage") === false) extents.images = 1;
  const { images, classes, pixels } = extents;
  const plane = drawPlane(random, pixels);
  const isExact = size.style !== undefined;
  const options = drawOptions(random, kind, kind === "softmax" ? [images, classes, ...plane] : [images, ...plane], isExact, settings);
  const labels = drawLabels(random, images, pixels, kind === "softmax" ? classes : 2, options.ignore, isExact ? "mixed" : undefined);
  const example = { kind, values: new Float32Array(), labels, options, salt: between(random, 0, 2 ** 31 - 1) };
  return { ...example, values: isExact ? drawSoftValues(random, example) : drawValues(random, example) };
}

function drawOptions(
  random: Random,
  kind: Kind,
  shape: number[],
  isExact: boolean,
  { honours = ["ignore", "perImage", "classes"] }: CaseSettings,
): CaseOptions {
  const knows = (option: Honoured) => honours.includes(option);
  const options: CaseOptions = { shape };
  if (knows("ignore") && !isExact && chance(random, 0.6)) {
    const classes = kind === "softmax" ? shape[1] : 2;
    options.ignore = pick(random, [255, 255, 1000, -1, -100, classes, 0, between(random, 0, classes - 1)]);
  }
  // an option is left out only where its default is not in doubt: one image is the same either way, and Lovász-Softmax is published
  // with `per_image=False`; of the hinge both defaults are in use
  const obvious = shape[0] === 1 || kind === "softmax";
  if (knows("perImage") && !(obvious && chance(random, 0.3))) options.perImage = chance(random, 0.5);
  if (kind === "softmax" && knows("classes") && chance(random, 0.5)) options.classes = pick(random, ["present", "present", "all"]);
  return options;
}

/** Soft values, tied in half of the cases, nearly all of which have an error above 0. */
function drawSoftValues(random: Random, example: LossCase): Float32Array {
  const { images, classes, pixels } = extentsOf(example);
  if (example.kind === "softmax") return drawProbabilities(random, images, classes, pixels, pick(random, ["softmax", "grid"]));
  return drawLogits(random, images * pixels, pick(random, ["fine", "grid"]));
}

/** Values for `example`: independent of its labels, or shifted towards or away from them. */
export function drawValues(random: Random, example: LossCase): Float32Array {
  const { images, classes, pixels } = extentsOf(example);
  const { labels, kind } = example;
  if (kind !== "softmax") {
    const values = drawLogits(random, images * pixels);
    const lean = pick(random, [null, null, null, 0, 1, -1]);
    return lean === null ? values : values.map((value, i) => (labels[i] === 1 ? value + lean : -(value + lean)));
  }
  const values = drawProbabilities(random, images, classes, pixels);
  const weight = pick(random, [0, 0, 0, 0.5, 0.875, 1]);
  const shift = chance(random, 0.7) ? 0 : 1;
  return values.map((p, at) => {
    const c = Math.floor(at / pixels) % classes;
    const label = labels[Math.floor(at / (pixels * classes)) * pixels + (at % pixels)];
    const known = label >= 0 && label < classes;
    return known && weight > 0 ? (1 - weight) * p + weight * Number((label + shift) % classes === c) : p;
  });
}

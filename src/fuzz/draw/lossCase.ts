import { type CaseOptions, classOf, extentsOf, hasClasses, type Kind, type LossCase, meetsNeeds, type Need, pixelOf } from "../lossCase.js";
import { heldValues, type Precision } from "../precision.js";
import { drawLabels } from "./labels.js";
import { drawLogits } from "./logits.js";
import { drawProbabilities } from "./probabilities.js";
import { between, chance, pick, type Random } from "./random.js";
import { drawExtents, drawPlane } from "./shape.js";
import { drawTurn, mostPixels, sizeOfTurn } from "./size.js";

/** An option that not every loss knows. */
export type Honoured = "ignore" | "perImage" | "classes";

/** Settings of cases. */
export interface CaseSettings {
  /** The options that the loss knows, which cases may use. Default: all. */
  honours?: readonly Honoured[];
  /** The most pixels of an image. Default 2049, or 256 for float16. */
  maxPixels?: number;
  /** What the loss needs; other cases are not drawn. Default: nothing. */
  needs?: readonly Need[];
  /** The classes that the loss averages where the option is left out. Default `"present"`. */
  classes?: "present" | "all";
  /** The numbers in which the loss computes, and which its values are. Default `"float32"`. */
  precision?: Precision;
}

// the losses of 9 images of such logits have a sum that half holds
const LARGEST_HALF = 4096;

/** A case of `kind`. Its size is number `turn` of the list of sizes, so that a check tries every size. */
export function drawLossCase(random: Random, kind: Kind, settings: CaseSettings = {}, turn = drawTurn(random)): LossCase {
  const size = sizeOfTurn(turn, settings.maxPixels ?? mostPixels(settings.precision));
  const extents = drawExtents(random, hasClasses(kind), size);
  const { needs, classes: otherwise, precision } = settings;
  // a loss that knows no images gets one
  if (settings.honours?.includes("perImage") === false || needs?.includes("oneImage")) extents.images = 1;
  const { images, classes, pixels } = extents;
  const plane = drawPlane(random, pixels);
  const isExact = size.style !== undefined;
  const options = drawOptions(random, kind, hasClasses(kind) ? [images, classes, ...plane] : [images, ...plane], isExact, settings);
  const labels = drawLabels(random, images, pixels, hasClasses(kind) ? classes : 2, options.ignore, isExact ? "mixed" : undefined);
  const salt = between(random, 0, 2 ** 31 - 1);
  const example: LossCase = { kind, values: new Float32Array(), labels, options, salt };
  if (needs) meetNeeds(random, Object.assign(example, { needs }));
  if (otherwise) example.classes = otherwise;
  if (precision === "float16") example.precision = precision;
  return { ...example, values: isExact ? held(example, drawSoftValues(random, example)) : drawValues(random, example) };
}

// gives each image of `example` that lacks a pixel that it needs a random one
function meetNeeds(random: Random, example: LossCase): void {
  const { images, classes, pixels } = extentsOf(example);
  const { kind, labels, needs, options } = example;
  for (let b = 0; b < images; b++) {
    const image = {
      ...example,
      labels: labels.subarray(b * pixels, (b + 1) * pixels),
      options: { ...options, shape: [1, classes, pixels] },
    };
    if (meetsNeeds(image)) continue;
    const isForeground = needs?.includes("foreground") && !hasClasses(kind);
    const known = Array.from({ length: hasClasses(kind) ? classes : 2 }, (_, label) => label).filter((label) => label !== options.ignore);
    image.labels[between(random, 0, pixels - 1)] = isForeground ? 1 : pick(random, known);
  }
}

function drawOptions(
  random: Random,
  kind: Kind,
  shape: number[],
  isExact: boolean,
  { honours = ["ignore", "perImage", "classes"], needs }: CaseSettings,
): CaseOptions {
  const knows = (option: Honoured) => honours.includes(option);
  const options: CaseOptions = { shape };
  if (knows("ignore") && !isExact && chance(random, 0.6)) {
    const classes = hasClasses(kind) ? shape[1] : 2;
    options.ignore = pick(random, [255, 255, 1000, -1, -100, classes, 0, between(random, 0, classes - 1)]);
    // without the foreground there is nothing to need
    if (options.ignore === 1 && !hasClasses(kind) && needs?.includes("foreground")) options.ignore = 0;
  }
  // an option is left out only where its default is not in doubt: one image is the same either way, and Lovász-Softmax is published
  // with `per_image=False`; of the hinge both defaults are in use
  const obvious = shape[0] === 1 || hasClasses(kind);
  if (knows("perImage") && !(obvious && chance(random, 0.3))) options.perImage = chance(random, 0.5);
  if (hasClasses(kind) && knows("classes") && chance(random, 0.5)) options.classes = pick(random, ["present", "present", "all"]);
  return options;
}

/** Soft values, tied in half of the cases, nearly all of which have an error above 0. */
function drawSoftValues(random: Random, example: LossCase): Float32Array {
  const { images, classes, pixels } = extentsOf(example);
  if (example.kind === "softmax") return drawProbabilities(random, images, classes, pixels, pick(random, ["softmax", "grid"]));
  return drawLogits(random, images * classes * pixels, pick(random, ["fine", "grid"]));
}

/** Values for `example`: independent of its labels, or shifted towards or away from them. */
export const drawValues = (random: Random, example: LossCase): Float32Array => held(example, drawLabelledValues(random, example));

/** `values` as the loss gets them; as halves within a range. */
function held({ precision }: LossCase, values: Float32Array): Float32Array {
  if (precision !== "float16") return values;
  return heldValues(
    precision,
    values.map((value) => Math.max(-LARGEST_HALF, Math.min(LARGEST_HALF, value))),
  );
}

function drawLabelledValues(random: Random, example: LossCase): Float32Array {
  if (example.kind === "softmax") return drawLabelledProbabilities(random, example);
  if (example.kind === "softmax-logits") return drawClassLogits(random, example);
  const values = drawLogits(random, example.labels.length);
  const lean = pick(random, [null, null, null, 0, 1, -1]);
  return lean === null ? values : values.map((value, i) => (example.labels[i] === 1 ? value + lean : -(value + lean)));
}

function drawLabelledProbabilities(random: Random, example: LossCase): Float32Array {
  const { images, classes, pixels } = extentsOf(example);
  const values = drawProbabilities(random, images, classes, pixels);
  const weight = pick(random, [0, 0, 0, 0.5, 0.875, 1]);
  const shift = chance(random, 0.7) ? 0 : 1;
  return values.map((p, at) => {
    const label = example.labels[pixelOf(example, at)];
    const known = label >= 0 && label < classes;
    const isRight = (label + shift) % classes === classOf(example, at);
    return known && weight > 0 ? (1 - weight) * p + weight * Number(isRight) : p;
  });
}

// as other logits; logarithms of probabilities, whose softmax is tied, nearly tied, hard or tiny; or pixels of only 3 sorts, most of which tie
function drawClassLogits(random: Random, example: LossCase): Float32Array {
  const { images, classes, pixels } = extentsOf(example);
  const least = pick(random, [-20, -104, -1000]);
  const sorts = Array.from({ length: 3 }, () => drawLogits(random, classes));
  const ofSorts = () => {
    const sort = Array.from(example.labels, () => pick(random, sorts));
    return Float32Array.from({ length: images * classes * pixels }, (_, at) => sort[pixelOf(example, at)][classOf(example, at)]);
  };
  const draw = pick(random, [
    () => drawLogits(random, images * classes * pixels),
    () => drawProbabilities(random, images, classes, pixels).map((p) => Math.max(least, Math.log(p))),
    ofSorts,
    ofSorts,
  ]);
  const values = draw();
  const lean = pick(random, [0, 0, 0, 3, -3]);
  return values.map((value, at) => (example.labels[pixelOf(example, at)] === classOf(example, at) ? value + lean : value));
}

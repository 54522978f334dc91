// The arguments and the result of a loss under test.
import type { Precision } from "./precision.js";

/**
 * The loss that is implemented: the Lovász hinge of logits, the Lovász-Softmax of probabilities or of softmax(logits), the Lovász loss
 * of sigmoid(logits), or a soft score of sigmoid(logits): Dice, Jaccard or Tversky.
 */
export type Kind = "hinge" | "softmax" | "softmax-logits" | "sigmoid" | Score;

/** The losses 1 - score, of a score in which probabilities stand for 0 and 1. */
export type Score = "dice" | "jaccard" | "tversky";

export const LOVASZ: readonly Kind[] = ["hinge", "softmax", "softmax-logits", "sigmoid"];

export const SCORES: readonly Kind[] = ["dice", "jaccard", "tversky"] satisfies Score[];

export const KINDS: readonly Kind[] = [...LOVASZ, ...SCORES];

/** Whether `kind` is a soft score. */
export const isScore = (kind: Kind): kind is Score => SCORES.includes(kind);

/** Whether the values of `kind` have an axis of classes. */
export const hasClasses = (kind: Kind): boolean => kind === "softmax" || kind === "softmax-logits";

/** The options passed to a loss under test; options left out are no keys of the object. */
export interface CaseOptions {
  /** [B, H, W]; softmax and softmax-logits: [B, C, H, W]. */
  shape: number[];
  /** The label of ignored pixels. If left out, there are none. */
  ignore?: number;
  /** The mean of one loss for each image, or one loss of all pixels. Left out only where both are the same, or false is the published default. */
  perImage?: boolean;
  /**
   * softmax and softmax-logits: the classes that the loss averages. If left out, those in the labels of the image or batch, `"present"`,
   * unless the case says otherwise.
   */
  classes?: "present" | "all" | readonly number[];
}

/**
 * What some losses need, which take no other cases: a pixel of each image that is not ignored; a foreground pixel of each image that is
 * not ignored (no matter where there is an axis of classes); a batch of one image.
 */
export type Need = "pixel" | "foreground" | "oneImage";

export const NEEDS: readonly Need[] = ["pixel", "foreground", "oneImage"];

/** A call of a loss. */
export interface LossCase {
  kind: Kind;
  /** Logits, or for softmax probabilities that sum to 1 over the classes of each pixel; as many as the product of the shape. */
  values: Float32Array;
  /** 0 or 1, with an axis of classes 0..C-1, or `ignore`: one for each pixel. */
  labels: Int32Array;
  options: CaseOptions;
  /** Seed of the random numbers by which a law varies the case: orders, other values, steps. */
  salt: number;
  /** What the loss needs; a law asks for no case without it. */
  needs?: readonly Need[];
  /** What the loss does where `options.classes` is left out. Default `"present"`. */
  classes?: "present" | "all";
  /** The numbers in which the loss computes, and which its values are. Default `"float32"`. */
  precision?: Precision;
}

/** What the rounding of a loss depends on. */
export type Numerics = Pick<LossCase, "kind" | "precision">;

/** Numbers in any of the forms losses return: plain, a typed array, or a tensor with `data` (TensorFlow.js, js-pytorch, this package). */
export type Numbers =
  | number
  | ArrayLike<number>
  | { readonly data: ArrayLike<number> | (() => ArrayLike<number> | Promise<ArrayLike<number>>) };

/** The value of a loss, and its gradient with respect to the values, in their order. */
export interface Answer {
  value: Numbers;
  grad: Numbers;
}

/** A loss under test. It must not change its arguments. */
export type LossUnderTest = (values: Float32Array, labels: Int32Array, options: CaseOptions) => Answer | Promise<Answer>;

/** The extents of a case; binary kinds have one class. */
export interface Extents {
  images: number;
  classes: number;
  pixels: number;
}

/** The extents of `example`. */
export function extentsOf({ kind, labels, options: { shape } }: LossCase): Extents {
  const images = shape.length === 1 ? 1 : shape[0];
  return { images, classes: hasClasses(kind) ? shape[1] : 1, pixels: labels.length / images };
}

/** Whether each image of `example` has a loss of its own. The default is the published one: true for the hinge, else false. */
export const isPerImage = ({ kind, options }: LossCase): boolean => options.perImage ?? kind === "hinge";

/** The classes that the loss of `example` averages. */
export const classesOf = ({ options, classes }: LossCase): "present" | "all" | readonly number[] => options.classes ?? classes ?? "present";

/** Whether `example` has what its loss needs. */
export function meetsNeeds(example: LossCase): boolean {
  const { kind, labels, needs = [] } = example;
  const { images, pixels } = extentsOf(example);
  const eachImageHas = (is: (i: number) => boolean) =>
    Array.from({ length: images }, (_, b) => b * pixels).every((first) =>
      labels.subarray(first, first + pixels).some((_, k) => counts(example, first + k) && is(first + k)),
    );
  if (needs.includes("oneImage") && images > 1) return false;
  if (needs.includes("foreground") && !hasClasses(kind)) return eachImageHas((i) => labels[i] === 1);
  return !needs.includes("pixel") || eachImageHas(() => true);
}

/** The pixel that the value at offset `at` belongs to. */
export function pixelOf(example: LossCase, at: number): number {
  const { classes, pixels } = extentsOf(example);
  return Math.floor(at / (pixels * classes)) * pixels + (at % pixels);
}

/** The class that the value at offset `at` belongs to. */
export function classOf(example: LossCase, at: number): number {
  const { classes, pixels } = extentsOf(example);
  return Math.floor(at / pixels) % classes;
}

/** Whether pixel `i` is not ignored. */
export const counts = ({ labels, options }: LossCase, i: number): boolean => labels[i] !== options.ignore;

/** A case that any loss of `kind` takes: two pixels of one image, a positive and a negative, and no options. */
export function plainestCase(kind: Kind): LossCase {
  const labels = Int32Array.of(1, 0);
  if (!hasClasses(kind)) return { kind, values: Float32Array.of(0.5, -0.25), labels, options: { shape: [1, 1, 2] }, salt: 0 };
  // probabilities, which may be logits as well
  return { kind, values: Float32Array.of(0.25, 0.625, 0.75, 0.375), labels, options: { shape: [1, 2, 1, 2] }, salt: 0 };
}

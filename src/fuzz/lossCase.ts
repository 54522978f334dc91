// What a loss under test gets and gives.

/** The loss to be: the Lovász hinge of logits, the Lovász-Softmax of probabilities, the Lovász loss of sigmoid(logits). */
export type Kind = "hinge" | "softmax" | "sigmoid";

export const KINDS: readonly Kind[] = ["hinge", "softmax", "sigmoid"];

/** The options a loss under test gets; those left out are not among the keys. */
export interface CaseOptions {
  /** hinge and sigmoid: [B, H, W]; softmax: [B, C, H, W]. */
  shape: number[];
  /** The label of void pixels. Left out: there are none. */
  ignore?: number;
  /** One loss an image, and their mean; or all images as one. Left out only where both are the same, or false is the published default. */
  perImage?: boolean;
  /** softmax: the classes that count. Left out: those with a pixel in the labels of the image or batch, `"present"`. */
  classes?: "present" | "all" | readonly number[];
}

/** A call of a loss, which a law varies by random numbers of its own. */
export interface LossCase {
  kind: Kind;
  /** Logits; for softmax probabilities, which sum to 1 over the classes of each pixel. As many as the product of the shape. */
  values: Float32Array;
  /** 0 or 1, for softmax 0..C-1, or `ignore`: one for each pixel. */
  labels: Int32Array;
  options: CaseOptions;
  /** Seed of what a law varies: orders, other values, steps. */
  salt: number;
}

/** Numbers in any of the forms losses return: plain, a typed array, or a tensor with `data` (TensorFlow.js, js-pytorch, this package). */
export type Numbers =
  | number
  | ArrayLike<number>
  | { readonly data: ArrayLike<number> | (() => ArrayLike<number> | Promise<ArrayLike<number>>) };

/** The value of a loss, and its gradient by the values, in their order. */
export interface Answer {
  value: Numbers;
  grad: Numbers;
}

/** A loss under test, anybody's. It must leave its arguments as they are. */
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
  return { images, classes: kind === "softmax" ? shape[1] : 1, pixels: labels.length / images };
}

/** Whether the images of `example` are losses of their own; what is left out is read as published: for the hinge true, else false. */
export const isPerImage = ({ kind, options }: LossCase): boolean => options.perImage ?? kind === "hinge";

/** Whether pixel `i` of the labels counts. */
export const counts = ({ labels, options }: LossCase, i: number): boolean => labels[i] !== options.ignore;

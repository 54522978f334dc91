import { LovaszError } from "../errors.js";
import { isRow, readLabels } from "../losses/labels.js";
import { finite, knownOptions } from "../options.js";
import { checkShape, type Shape, sameShape, show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { DILATION, nearContours, type Size } from "./boundary.js";
import { classCount, type MetricOptions } from "./options.js";
import { jaccardIndex, overlap } from "./overlap.js";
import type { ClassMap } from "./predictions.js";

/** Options of `boundaryIou`. */
export interface BoundaryIouOptions extends MetricOptions {
  /** The shape of the pictures, [B, H, W], [B, 1, H, W], or [H, W] of one picture. Default: that of a Tensor. Arrays need it. */
  shape?: Shape;
  /** The number of classes, to measure each; predictions and labels are in 0..classes-1. Default: foreground and background. */
  classes?: number;
  /** How far from its contour a pixel counts, as a fraction of the picture's diagonal. Default 0.02, as in the paper. */
  dilation?: number;
}

/**
 * Boundary IoU of the foreground, or with `classes` of each class: intersection over union of the pixels of each mask that are near its own
 * contour, from 0 to 1, or `empty` where neither prediction nor truth has any. It judges contours, of which the plain IoU sees little in
 * large objects. Equation 2 of Cheng, Girshick, Dollár, Berg, Kirillov, "Boundary IoU: Improving Object-Centric Image Segmentation
 * Evaluation", CVPR 2021.
 *
 * As in the reference of its authors, a pixel of a mask is near its contour if eroding the mask d times by a square of 3 x 3 pixels removes
 * it, with d = max(1, round(dilation * diagonal)), halves rounded to even, and the border of the picture is contour, too. Ignored pixels
 * belong to no mask: they count nowhere, and a mask ends where they begin.
 *
 * Throws `LovaszError` "shape", "label" or "option".
 *
 * @example
 * ```js
 * import { boundaryIou, iouBinary } from "lovasz";
 *
 * // a square of 20 x 20 pixels in a picture of 40 x 40, and the same a pixel farther right
 * const square = (left) => Uint8Array.from({ length: 1600 }, (_, i) => {
 *   const [x, y] = [i % 40, Math.floor(i / 40)];
 *   return Number(x >= left && x < left + 20 && y >= 10 && y < 30);
 * });
 * const shape = [1, 40, 40];
 * console.log(iouBinary(square(11), square(10)).toFixed(2)); // 0.90
 * console.log(boundaryIou(square(11), square(10), { shape }).toFixed(2)); // 0.33
 * ```
 */
export function boundaryIou(predictions: ClassMap, labels: ClassMap, options: BoundaryIouOptions & { classes: number }): number[];
export function boundaryIou(predictions: ClassMap, labels: ClassMap, options?: BoundaryIouOptions & { classes?: undefined }): number;
export function boundaryIou(predictions: ClassMap, labels: ClassMap, options?: BoundaryIouOptions): number | number[];
export function boundaryIou(predictions: ClassMap, labels: ClassMap, options: BoundaryIouOptions = {}): number | number[] {
  const call = "boundaryIou";
  knownOptions(call, options, ["ignore", "perImage", "empty", "shape", "classes", "dilation"]);
  const { ignore, perImage, empty, shape, classes, dilation } = options;
  const kind =
    classes === undefined
      ? { classes: 2, multiclass: "the option classes" }
      : { classes: classCount(call, classes), binary: "no option classes" };
  const share = finite(call, "dilation", dilation, DILATION, 0);
  const { images, ...size } = pictures(call, shape, predictions, labels);
  const pixels = { ignore, perImage, empty, shape: [images, size.height * size.width] };
  const [p, t] = [flat(call, "predictions", predictions, images), flat(call, "labels", labels, images)];
  const values = overlap(call, p, t, kind, pixels, { value: jaccardIndex, countInto: nearContours(size, share) });
  return classes === undefined ? values[1] : values;
}

// how many pictures, of which size, by the option or else by the Tensors
function pictures(call: string, shape: Shape | undefined, predictions: ClassMap, labels: ClassMap): Size & { images: number } {
  if (shape !== undefined) return sizeOf(call, "shape", checkShape(call, shape));
  const shapes = { predictions, labels };
  const known = Object.entries(shapes).flatMap(([name, map]) => (map instanceof Tensor ? [{ name, shape: map.shape }] : []));
  if (known.length === 0) {
    const cure = "pass { shape: [B, H, W] }, or Tensors of that shape";
    throw new LovaszError("shape", `${call}: predictions and labels are arrays, whose pictures have no known width; ${cure}`);
  }
  const [first, second = first] = known;
  if (!sameShape(first.shape, second.shape)) {
    const came = `predictions is of shape ${show(first.shape)} and labels of ${show(second.shape)}`;
    throw new LovaszError("shape", `${call}: ${came}, expected equal shapes; or pass { shape: [B, H, W] }`);
  }
  return sizeOf(call, `the shape of ${first.name}`, first.shape);
}

function sizeOf(call: string, name: string, shape: Shape): Size & { images: number } {
  const rank = shape.length;
  if (rank < 2 || rank > 4 || (rank === 4 && shape[1] !== 1)) {
    throw new LovaszError("shape", `${call}: ${name} is ${show(shape)}, expected [B, H, W], [B, 1, H, W], or [H, W] of one picture`);
  }
  return { images: rank === 2 ? 1 : shape[0], height: shape[rank - 2], width: shape[rank - 1] };
}

// the rows of one picture are no pictures of their own
function flat(call: string, name: string, map: ClassMap, images: number): ClassMap {
  const isNested = Array.isArray(map) && isRow(map[0]);
  return map instanceof Tensor || (isNested && images === 1) ? readLabels(call, map, name) : map;
}

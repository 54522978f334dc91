import { knownOptions } from "../options.js";
import { type Tensor, tensor } from "../tensor/tensor.js";
import { type Normalisation, readNormalisation } from "./normalisation.js";
import { type PictureLike, readPicture } from "./picture.js";
import { pixelsOf } from "./pixels.js";
import { fillPlanes } from "./planes.js";

/** Options of `fromImageData`. */
export interface FromImageDataOptions {
  /** How the network reads the values: that of the model. Default "picture", as `fit` trains. "none" leaves them from 0 to 255. */
  normalisation?: Normalisation;
}

/**
 * A picture as a network reads it: a tensor [1, 3, H, W], red, green and blue. Grey is repeated, alpha is dropped. Throws `LovaszError`
 * "data" or "option".
 * @param picture - `ImageData`, or `{ data, width, height, channels }` of 8 or 16 bits.
 *
 * @example
 * ```js
 * import { fromImageData } from "lovasz/model";
 *
 * const picture = { data: Uint8ClampedArray.of(255, 0, 0, 255, 0, 0, 255, 255), width: 2, height: 1 }; // red, blue
 * const planes = fromImageData(picture, { normalisation: "none" });
 * console.log(planes.shape, planes.toArray().flat(3)); // [ 1, 3, 1, 2 ] [ 255, 0, 0, 0, 0, 255 ]
 * ```
 */
export function fromImageData(picture: PictureLike, options: FromImageDataOptions = {}): Tensor {
  const call = "fromImageData(picture, options)";
  const given = readPicture(call, "picture", picture);
  knownOptions(call, options, ["normalisation"]);
  const { width, height } = given;
  const planes = new Float32Array(3 * width * height);
  fillPlanes(pixelsOf(given, readNormalisation(call, "normalisation", options.normalisation)), planes, 0, width, height);
  return tensor(planes, [1, 3, height, width]);
}

import { crossEntropy } from "../losses/crossEntropy.js";
import { lovaszHinge } from "../losses/lovaszHinge.js";
import { lovaszSoftmax } from "../losses/lovaszSoftmax.js";
import type { Loss } from "./device.js";

/** How many images an input of `shape` holds, and whether each of several has a loss of its own. */
export function imagesOf(loss: Loss, shape: readonly number[], options: { perImage?: boolean; mode?: string }) {
  const { perImage = loss === lovaszHinge, mode } = options;
  const hasClasses = loss === lovaszSoftmax || loss === crossEntropy || mode === "multiclass" || mode === "multilabel";
  const images = shape.length < (hasClasses ? 3 : 2) ? 1 : shape[0];
  return { images, perImage: perImage && images > 1 };
}

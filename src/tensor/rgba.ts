// Pixels of a canvas have four values, alpha too, and networks read three.

const CURE = "; these look like RGBA pixels: fromImageData(picture) of lovasz/model makes [1, 3, H, W] of them";

/** What to say, after a message, of an input of `shape` where `channels` were expected; empty unless it looks like RGBA. @internal */
export function rgbaHint(shape: readonly number[], channels: number): string {
  const isRgba = shape.at(-1) === 4 || (shape.length > 2 && shape.at(-3) === 4);
  return channels === 3 && isRgba ? CURE : "";
}

/** The same of `count` values that were given for `shape`. @internal */
export function rgbaValuesHint(count: number, shape: readonly number[]): string {
  const [channels, height, width] = shape.slice(-3);
  const isRgb = shape.length > 2 && (channels === 3 || width === 3);
  return isRgb && channels * height * width > 0 && 3 * count === 4 * shape.reduce((a, b) => a * b, 1) ? CURE : "";
}

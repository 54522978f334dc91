// Which box of a picture is predicted at a time.
import type { Box } from "../messages.js";

/** The most pixels that are predicted at a time while the network learns: pictures up to this size as a whole. */
export const MOST_PIXELS = 2 ** 20;

/** The box of a whole picture. */
export function wholeOf({ width, height }: Pick<Box, "width" | "height">): Box {
  return { left: 0, upper: 0, width, height };
}

/** What `a` and `b` have in common, in whole pixels; without any, its width or height is 0. */
export function intersection(a: Box, b: Box): Box {
  const [left, upper] = [Math.max(Math.floor(a.left), b.left), Math.max(Math.floor(a.upper), b.upper)];
  const right = Math.min(Math.ceil(a.left + a.width), b.left + b.width);
  const lower = Math.min(Math.ceil(a.upper + a.height), b.upper + b.height);
  return { left, upper, width: Math.max(0, right - left), height: Math.max(0, lower - upper) };
}

/** `box` with `margin` pixels around it, from multiples of `block` on, within a picture. */
export function widened({ left, upper, width, height }: Box, margin: number, block: number, picture: Box): Box {
  const begin = (at: number) => block * Math.floor(Math.max(0, at - margin) / block);
  const [x, y] = [begin(left), begin(upper)];
  return intersection({ left: x, upper: y, width: left + width + margin - x, height: upper + height + margin - y }, picture);
}

/** `box` in pieces of at most `extent` pixels each way, all of about one size, the middle one first. */
export function piecesOf(box: Box, extent = Math.sqrt(MOST_PIXELS)): Box[] {
  const [columns, rows] = [Math.ceil(box.width / extent), Math.ceil(box.height / extent)];
  const [width, height] = [Math.ceil(box.width / columns), Math.ceil(box.height / rows)];
  const pieces = Array.from({ length: columns * rows }, (_, i) => {
    const [left, upper] = [box.left + (i % columns) * width, box.upper + Math.floor(i / columns) * height];
    return intersection({ left, upper, width, height }, box);
  });
  const middle = Math.floor(pieces.length / 2);
  return [...pieces.slice(middle), ...pieces.slice(0, middle)];
}

// Which part of a picture the canvas shows, and how large. Pure: a view is a value.

/** A pixel (x, y) of the picture lies at (left + scale x, upper + scale y) of the canvas, in CSS pixels. */
export interface View {
  readonly scale: number;
  readonly left: number;
  readonly upper: number;
}

/** An extent in any unit. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

// so many CSS pixels a pixel, at most
const MOST_SCALE = 64;
// what stays in sight of a picture that is moved away, in CSS pixels
const KEPT = 48;

/** The whole `picture` in the middle of `canvas`, enlarged by at most 16. */
export function fitted(picture: Size, canvas: Size): View {
  const scale = Math.min(16, canvas.width / picture.width, canvas.height / picture.height) || 1;
  return { scale, left: (canvas.width - scale * picture.width) / 2, upper: (canvas.height - scale * picture.height) / 2 };
}

/** `view` moved by so many CSS pixels. */
export const moved = (view: View, x: number, y: number): View => ({ ...view, left: view.left + x, upper: view.upper + y });

/** `view` enlarged by `factor`, where the point (x, y) of the canvas stays. */
export function zoomed(view: View, factor: number, x: number, y: number, least: number): View {
  const scale = Math.min(MOST_SCALE, Math.max(least, view.scale * factor));
  const by = scale / view.scale;
  return { scale, left: x - (x - view.left) * by, upper: y - (y - view.upper) * by };
}

/** `view`, moved so that a part of `picture` is in sight. */
export function inSight(view: View, picture: Size, canvas: Size): View {
  const within = (start: number, extent: number, whole: number) => Math.min(whole - KEPT, Math.max(KEPT - extent, start));
  return {
    scale: view.scale,
    left: within(view.left, view.scale * picture.width, canvas.width),
    upper: within(view.upper, view.scale * picture.height, canvas.height),
  };
}

/** The point of the picture at (x, y) of the canvas, in pixels. */
export const pointAt = ({ scale, left, upper }: View, x: number, y: number): { x: number; y: number } => ({
  x: (x - left) / scale,
  y: (y - upper) / scale,
});

/** The pixels of `picture` that the canvas shows; empty (0 x 0) where it shows none. */
export function seen(view: View, picture: Size, canvas: Size): { left: number; upper: number; width: number; height: number } {
  const from = pointAt(view, 0, 0);
  const to = pointAt(view, canvas.width, canvas.height);
  const [left, upper] = [Math.max(0, Math.floor(from.x)), Math.max(0, Math.floor(from.y))];
  const width = Math.max(0, Math.min(picture.width, Math.ceil(to.x)) - left);
  const height = Math.max(0, Math.min(picture.height, Math.ceil(to.y)) - upper);
  return width > 0 && height > 0 ? { left, upper, width, height } : { left: 0, upper: 0, width: 0, height: 0 };
}

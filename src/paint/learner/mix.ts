// Mixes two crops across a boundary, so that the network sees boundaries exactly where labels change: strokes alone never show one.
import { UNPAINTED } from "../messages.js";
import type { Crop } from "./crop.js";

/** A line, or an ellipse, through or near a pixel: how much of the second crop is seen at each pixel follows from the distance to it. */
export interface Border {
  /** Its middle. */
  readonly x: number;
  readonly y: number;
  /** Of the line's normal, or of an axis of the ellipse. */
  readonly angle: number;
  /** The radius of the ellipse, within which the second crop lies; null for a line. */
  readonly radius: number | null;
  /** The ratio of the axes of the ellipse is the square of this. */
  readonly stretch: number;
  /** Over about four times as many pixels one crop goes over into the other. */
  readonly softness: number;
}

/** A border near column `x`, row `y`, at random. */
export function drawBorder(random: () => number, x: number, y: number): Border {
  const isLine = random() < 0.5;
  return {
    // from sharp to out of focus: narrower ones alone make the network take the glow around bright things for a part of them
    softness: 0.25 + 2.25 * random(),
    angle: 2 * Math.PI * random(),
    radius: isLine ? null : 2 + 8 * random(),
    stretch: 0.6 + 0.8 * random(),
    x: x + 6 * (random() - 0.5),
    y: y + 6 * (random() - 0.5),
  };
}

// less of one crop is not seen
const HARDLY = 0.02;

/**
 * Blends `other` into `crop` beyond `border`. A label is that of the crop of which more is seen; where both are seen, it counts only if both
 * are painted.
 */
export function mixInto(crop: Crop, other: Crop, border: Border): void {
  const { extent, planes, labels } = crop;
  const plane = extent * extent;
  for (let y = 0, at = 0; y < extent; y++) {
    for (let x = 0; x < extent; x++, at++) {
      const share = shareAt(border, x, y);
      if (share < HARDLY) continue;
      for (let i = at; i < planes.length; i += plane) planes[i] += (other.planes[i] - planes[i]) * share;
      const isSoft = share <= 1 - HARDLY;
      if (isSoft && (labels[at] === UNPAINTED || other.labels[at] === UNPAINTED)) labels[at] = UNPAINTED;
      else if (share > 0.5) labels[at] = other.labels[at];
    }
  }
}

/** How much of the second crop is seen at column `x`, row `y`, from 0 to 1. */
export function shareAt(border: Border, x: number, y: number): number {
  const [cos, sin] = [Math.cos(border.angle), Math.sin(border.angle)];
  const [dx, dy] = [x - border.x, y - border.y];
  const [along, across] = [dx * cos + dy * sin, dy * cos - dx * sin];
  const inside = border.radius === null ? along : border.radius - Math.hypot(along * border.stretch, across / border.stretch);
  return 1 / (1 + Math.exp(-inside / border.softness));
}

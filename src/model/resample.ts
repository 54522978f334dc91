// Scales a part of a picture and its labels, both at the same points.
import type { Box } from "./cut.js";
import { IGNORED } from "./ignored.js";
import type { Picture, Sample } from "./picture.js";

/**
 * What `window` shows, in `width` x `height` pixels; its bounds may be fractions and lie outside. The picture is interpolated
 * bilinearly, a label is that of the nearest pixel. Outside, labels are IGNORED, and the picture has its mean colour.
 */
export function resample({ picture, labels }: Sample, window: Box, width: number, height: number): Sample {
  const { channels } = picture;
  const data = new (picture.data.constructor as Uint8ArrayConstructor)(width * height * channels);
  const truth = new Uint8Array(width * height).fill(IGNORED);
  const columns = pointsOf(window.left, window.width / width, width, picture.width);
  const rows = pointsOf(window.upper, window.height / height, height, picture.height);
  const isWithin = [...columns.nearest, ...rows.nearest].every((at) => at >= 0);
  const outside = isWithin ? [] : meanColour(picture);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to++) {
      const [row, column] = [rows.nearest[y], columns.nearest[x]];
      if (row < 0 || column < 0) {
        for (let c = 0; c < channels; c++) data[channels * to + c] = outside[c];
        continue;
      }
      truth[to] = labels[row * picture.width + column];
      interpolate(picture, columns, x, rows, y, data, channels * to);
    }
  }
  return { picture: { ...picture, width, height, data }, labels: truth };
}

/** Sample points along an axis. */
interface Points {
  /** The nearest pixel; -1 outside. */
  readonly nearest: Int32Array;
  /** The pixels to interpolate between, and the weight of the second. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Float64Array;
}

// The centre of pixel i lies at i + 1/2, so a step of 1 from a whole `start` hits all centres exactly.
function pointsOf(start: number, step: number, count: number, extent: number): Points {
  const [nearest, first, second] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  const weight = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = start + (i + 0.5) * step;
    nearest[i] = at >= 0 && at < extent ? Math.floor(at) : -1;
    const left = Math.floor(at - 0.5);
    first[i] = Math.max(0, left);
    second[i] = Math.min(extent - 1, left + 1);
    weight[i] = at - 0.5 - left;
  }
  return { nearest, first, second, weight };
}

function interpolate(
  { data, width, channels }: Picture,
  xs: Points,
  x: number,
  ys: Points,
  y: number,
  out: Picture["data"],
  to: number,
): void {
  const [upper, lower] = [ys.first[y] * width, ys.second[y] * width];
  const [right, down] = [xs.weight[x], ys.weight[y]];
  const [a, b] = [channels * (upper + xs.first[x]), channels * (upper + xs.second[x])];
  const [c, d] = [channels * (lower + xs.first[x]), channels * (lower + xs.second[x])];
  for (let i = 0; i < channels; i++) {
    const above = data[a + i] + right * (data[b + i] - data[a + i]);
    const below = data[c + i] + right * (data[d + i] - data[c + i]);
    out[to + i] = Math.round(above + down * (below - above));
  }
}

function meanColour({ data, channels }: Picture): number[] {
  const sums = new Array<number>(channels).fill(0);
  for (let i = 0; i < data.length; i += channels) for (let c = 0; c < channels; c++) sums[c] += data[i + c];
  return sums.map((sum) => Math.round((channels * sum) / data.length));
}

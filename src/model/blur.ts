// A Gaussian blur.
import { coloursOf, type Picture } from "./picture.js";

/** `picture`, its colours blurred with the standard deviation `sigma`, in pixels; beyond its borders their pixels are repeated. */
export function blur(picture: Picture, sigma: number): Picture {
  const { data, width, height, channels } = picture;
  const weights = weightsOf(sigma);
  const colours = coloursOf(picture);
  const rows = new Float32Array(data.length);
  for (let y = 0; y < height; y++) along(data, rows, weights, { first: y * width * channels, step: channels, count: width, colours });
  // what is not blurred, alpha, stays
  const blurred = data.slice();
  for (let x = 0; x < width; x++) along(rows, blurred, weights, { first: x * channels, step: width * channels, count: height, colours });
  return { ...picture, data: blurred };
}

// the weights at the distances 0, 1, ..., which sum to 1 over both sides
function weightsOf(sigma: number): number[] {
  const weights = Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, i) => Math.exp((-i * i) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight) => total + 2 * weight, -weights[0]);
  return weights.map((weight) => weight / sum);
}

interface Line {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  readonly colours: number;
}

// A mean of whole numbers differs from a whole number by rounding alone where all are equal, so rounding keeps it within their range.
function along(from: ArrayLike<number>, to: Float32Array | Picture["data"], weights: readonly number[], line: Line): void {
  const { first, step, count, colours } = line;
  const isLast = !(to instanceof Float32Array);
  for (let i = 0; i < count; i++) {
    for (let c = first; c < first + colours; c++) {
      let sum = weights[0] * from[c + i * step];
      for (let k = 1; k < weights.length; k++) {
        sum += weights[k] * (from[c + Math.max(0, i - k) * step] + from[c + Math.min(count - 1, i + k) * step]);
      }
      to[c + i * step] = isLast ? Math.round(sum) : sum;
    }
  }
}

import type { Pixels } from "./pixels.js";

/** Writes `pixels` as the network reads them to planes [3, height, width] at `at` of `planes`, in their left upper corner. */
export function fillPlanes({ rgb, mean, scale, ...size }: Pixels, planes: Float32Array, at: number, width: number, height: number): void {
  const plane = width * height;
  for (let c = 0; c < 3; c++) {
    const [subtracted, factor] = [mean[c], scale[c]];
    for (let y = 0; y < size.height; y++) {
      let from = 3 * y * size.width + c;
      const first = at + c * plane + y * width;
      for (let to = first; to < first + size.width; to++, from += 3) planes[to] = (rgb[from] - subtracted) * factor;
    }
  }
}

import type { Picture } from "./picture.js";

/** Red, green and blue of each pixel: grey is repeated, alpha dropped. The data of the picture itself where it is RGB already. */
export function rgbOf({ width, height, channels, data }: Picture): Picture["data"] {
  if (channels === 3) return data;
  const rgb = new (data.constructor as Uint8ArrayConstructor)(3 * width * height);
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  for (let i = 0; i < width * height; i++) {
    const at = channels * i;
    rgb[3 * i] = data[at];
    rgb[3 * i + 1] = data[at + green];
    rgb[3 * i + 2] = data[at + blue];
  }
  return rgb;
}

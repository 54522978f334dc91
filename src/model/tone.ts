// Brightness, contrast and gamma.
import { coloursOf, type Picture } from "./picture.js";

/** What happens to each value: brightness first, then contrast, then gamma. */
export interface Tone {
  /** The factor on all values. */
  readonly brightness: number;
  /** The factor on the distance from the mean. */
  readonly contrast: number;
  /** The power of the value as a share of white. */
  readonly gamma: number;
}

/** `picture` with its colours changed; values stay within 0 and white. */
export function toned(picture: Picture, { brightness, contrast, gamma }: Tone): Picture {
  const { channels, white } = picture;
  const colours = coloursOf(picture);
  const data = picture.data.slice();
  const mean = brightness * meanOf(picture);
  const table = new Uint16Array(white + 1);
  for (let value = 0; value <= white; value++) {
    const share = Math.max(0, Math.min(1, (mean + contrast * (brightness * value - mean)) / white));
    table[value] = Math.round(white * (gamma === 1 ? share : share ** gamma));
  }
  for (let i = 0; i < data.length; i += channels) for (let c = 0; c < colours; c++) data[i + c] = table[Math.min(white, data[i + c])];
  return { ...picture, data };
}

function meanOf(picture: Picture): number {
  const { data, channels } = picture;
  const colours = coloursOf(picture);
  let sum = 0;
  for (let i = 0; i < data.length; i += channels) for (let c = 0; c < colours; c++) sum += data[i + c];
  return (channels * sum) / (colours * data.length);
}

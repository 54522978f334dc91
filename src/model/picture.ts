// Pictures and labels as users hand them in.
import { counted } from "../counted.js";
import { LovaszError } from "../errors.js";
import { type LabelList, readLabels } from "../losses/labels.js";
import { describe, integer } from "../options.js";
import { isDetached, kindOf, ordinary } from "../typedArray.js";
import { settled } from "../wasm/memory.js";

/** A picture that `PictureLike` accepts. */
export interface Picture {
  /** The values of each pixel, row by row: 1 channel (grey), 2 (grey, alpha), 3 (red, green, blue) or 4 (and alpha). */
  readonly data: Uint8Array | Uint16Array;
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Values a pixel, from 1 to 4. */
  readonly channels: number;
  /** The value of full brightness in `data`. */
  readonly white: number;
}

/** A picture: an `ImageData`, or an object like it, of 8 or 16 bits a value. Alpha is dropped. */
export interface PictureLike {
  /** The values of each pixel, row by row: 1 channel (grey), 2 (grey, alpha), 3 (red, green, blue) or 4 (and alpha). */
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Values a pixel, from 1 to 4. Default: as many as `data` has for each pixel, in an `ImageData` 4. */
  readonly channels?: number;
  /** The value of full brightness in `data`. Default 255, or 65535 in a Uint16Array. */
  readonly white?: number;
}

/** A picture and the label of each pixel. */
export interface Sample {
  /** The picture. */
  readonly picture: Picture;
  /** A class a pixel, row by row; IGNORED where the pixel is ignored. */
  readonly labels: Uint8Array;
}

/** A picture and the label of each pixel, in any list. */
export interface SampleLike {
  /** The picture. */
  readonly picture: PictureLike;
  /** A class a pixel, row by row, from 0 to 254; 255 where the pixel is ignored. */
  readonly labels: LabelList;
}

const DEPTHS: Readonly<Record<string, number>> = { Uint8Array: 255, Uint8ClampedArray: 255, Uint16Array: 65535 };

/** `picture` as it was checked; `call` and `name` say in messages whose it is. Throws `LovaszError` "data" or "option". */
export function readPicture(call: string, name: string, picture: PictureLike): Picture {
  const wrong = (what: string) => new LovaszError("data", `${call}: ${name}${what}`);
  if (typeof picture !== "object" || picture === null) {
    throw wrong(` is ${describe(picture)}, expected an ImageData or { data, width, height, channels }`);
  }
  const { data } = picture;
  const depth = DEPTHS[kindOf(data) ?? ""];
  if (depth === undefined || isDetached(data)) {
    throw wrong(`.data is ${describe(data)}, expected a Uint8Array, Uint8ClampedArray or Uint16Array`);
  }
  const width = extent(call, `${name}.width`, picture.width);
  const height = extent(call, `${name}.height`, picture.height);
  const { channels: given } = picture;
  const channels = given === undefined ? data.length / (width * height) : given;
  if (![1, 2, 3, 4].includes(channels) || data.length !== width * height * channels) {
    throw wrong(
      `.data has ${data.length} values, expected ${width} x ${height} pixels of ${expectedOf(given, data.length, width * height)}`,
    );
  }
  const white = integer(call, `${name}.white`, picture.white, depth, 1, depth);
  const own = unclamped(data);
  const above = white < depth ? own.findIndex((value) => value > white) : -1;
  if (above >= 0) throw wrong(`.data[${above}] is ${own[above]}, expected at most white, ${white}`);
  return { data: own, width, height, channels, white };
}

// how many values a pixel, of `pixels` in `length` values, should have
function expectedOf(channels: number | undefined, length: number, pixels: number): string {
  if (channels === undefined) return "1 to 4 values";
  const isRgba = channels === 3 && length === 4 * pixels;
  if ([1, 2, 3, 4].includes(channels) && !isRgba) return `${counted(channels, "value")}, ${channels * pixels} in all`;
  return `channels values (1 to 4), not ${isRgba ? "3: these look like RGBA pixels, of 4" : describe(channels)}`;
}

function extent(call: string, name: string, value: unknown): number {
  if (value === undefined) throw new LovaszError("data", `${call}: ${name} is undefined, expected a number of pixels`);
  return integer(call, name, value, 1, 1);
}

function unclamped(data: PictureLike["data"]): Picture["data"] {
  // a view of the core's memory would not outlive the next allocation
  const values = settled(ordinary(data));
  return values instanceof Uint8ClampedArray ? new Uint8Array(values.buffer, values.byteOffset, values.length) : values;
}

/** `sample` as it was checked. Labels that lie in a Uint8Array are not copied. Throws `LovaszError` "data", "label" or "option". */
export function readSample(call: string, name: string, sample: SampleLike): Sample {
  if (typeof sample !== "object" || sample === null) {
    throw new LovaszError("data", `${call}: ${name} is ${describe(sample)}, expected { picture, labels }`);
  }
  const prefix = name === "sample" ? "" : `${name}.`;
  const picture = readPicture(call, `${prefix}picture`, sample.picture);
  const labels = readLabels(call, sample.labels, `${prefix}labels`);
  const { width, height } = picture;
  if (labels.length !== width * height) {
    const expected = `${width * height}, one for each of the ${width} x ${height} pixels`;
    throw new LovaszError("label", `${call}: ${prefix}labels has ${labels.length} entries, expected ${expected}`);
  }
  return { picture, labels: labels instanceof Uint8Array ? labels : bytesOf(call, `${prefix}labels`, labels) };
}

function bytesOf(call: string, name: string, labels: ArrayLike<number>): Uint8Array {
  return Uint8Array.from({ length: labels.length }, (_, i) => {
    const label = labels[i];
    if (Number.isInteger(label) && label >= 0 && label <= 255) return label;
    throw new LovaszError("label", `${call}: ${name}[${i}] is ${label}, expected a class from 0 to 254, or 255 for an ignored pixel`);
  });
}

/** How many channels of `picture` are colours: the others are alpha. */
export function coloursOf({ channels }: Picture): number {
  return channels < 3 ? 1 : 3;
}

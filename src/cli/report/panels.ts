// The report's pictures: the image itself, and a dimmed one with the truth or a prediction drawn over it.
import { classColour } from "../../model/colours.js";
import { IGNORED } from "../../model/ignored.js";
import type { Sample } from "../data/sample.js";
import { encodePng } from "../encodePng.js";
import { brightest } from "./brightest.js";

/** RGB colours of wrong and ignored pixels, which people with any colour vision can tell apart, also from the colours of the classes. */
export const COLOURS = {
  missed: [217, 22, 22],
  falseAlarm: [25, 113, 255],
  confused: [217, 0, 173],
  ignored: [120, 120, 120],
} as const;

/** How bright the picture below the colours is at most. */
export const DIMMED = 0.4;

/** A picture of the page. */
export interface Panel {
  /** A data URL. */
  readonly url: string;
  readonly width: number;
  readonly height: number;
  /** Whether its pixels are to be seen as such: mixed colours of labels would mean something else. */
  readonly sharp: boolean;
}

type Colour = readonly number[];
type Size = Pick<Sample, "width" | "height">;

// the pixels of smaller pictures are seen
const SHARP = 128;

// larger pictures are subsampled, so that the report stays small
const MOST_EXTENT = 384;

/** The picture itself, scaled so that its largest value is white. */
export function imagePanel(sample: Sample): Panel {
  const gain = 255 / brightest(sample);
  const sharp = Math.max(sample.width, sample.height) <= SHARP;
  return { ...panel(sample, (i) => [0, 1, 2].map((c) => gain * sample.rgb[3 * i + c])), sharp };
}

/** The true foreground and the ignored pixels. */
export function truthPanel(sample: Sample): Panel {
  return predictionPanel(sample, sample.labels);
}

/** Where `predictions` are correct, miss the foreground, raise a false alarm, or confuse two classes. */
export function predictionPanel(sample: Sample, predictions: Uint8Array): Panel {
  const { rgb, labels, width } = sample;
  const gain = (DIMMED * 255) / brightest(sample);
  return panel(sample, (i) => {
    const grey = (gain * (rgb[3 * i] + rgb[3 * i + 1] + rgb[3 * i + 2])) / 3;
    const dimmed = [grey, grey, grey];
    const [truth, said] = [labels[i], predictions[i]];
    // every other diagonal pair of pixels
    if (truth === IGNORED) return ((i % width) + Math.floor(i / width)) & 2 ? COLOURS.ignored : dimmed;
    if (truth === 0 && said === 0) return dimmed;
    return colourOf(truth, said);
  });
}

function colourOf(truth: number, said: number): Colour {
  if (truth === said) return classColour(truth);
  if (said === 0) return COLOURS.missed;
  return truth === 0 ? COLOURS.falseAlarm : COLOURS.confused;
}

/** How many pixels a panel of a picture of this `size` has. */
export function panelPixels(size: Size): number {
  const { columns, rows } = gridOf(size);
  return columns * rows;
}

function gridOf({ width, height }: Size): { step: number; columns: number; rows: number } {
  const step = Math.ceil(Math.max(width, height) / MOST_EXTENT);
  return { step, columns: Math.ceil(width / step), rows: Math.ceil(height / step) };
}

function panel(sample: Sample, colourAt: (pixel: number) => Colour): Panel {
  const { width } = sample;
  const { step, columns, rows } = gridOf(sample);
  const data = new Uint8Array(3 * columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) data.set(colourAt(y * step * width + x * step).map(Math.round), 3 * (y * columns + x));
  }
  const png = encodePng({ width: columns, height: rows, channels: 3, data }, "lovasz");
  return { url: `data:image/png;base64,${png.toString("base64")}`, width: columns, height: rows, sharp: true };
}

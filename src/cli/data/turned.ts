// Brings pictures upright that are stored turned or mirrored.
import type { Raster } from "./raster.js";

/** The raster brought upright, as its `orientation` says; 5 to 8 swap width and height. */
export function turned(raster: Raster): Raster {
  const { orientation, channels, values } = raster;
  if (orientation === 1) return raster;
  const [width, height] = orientation > 4 ? [raster.height, raster.width] : [raster.width, raster.height];
  const { first, right, down } = walk(raster);
  const upright = new (values.constructor as Uint8ArrayConstructor)(values.length);
  for (let y = 0, to = 0; y < height; y++) {
    let from = channels * (first + y * down);
    for (let x = 0; x < width; x++, from += channels * right) {
      for (let channel = 0; channel < channels; channel++) upright[to++] = values[from + channel];
    }
  }
  return { ...raster, width, height, values: upright, orientation: 1 };
}

/** Which stored pixel is shown first, and the steps to the stored pixels that are shown right of it and below it. */
interface Walk {
  first: number;
  right: number;
  down: number;
}

function walk({ orientation, width, height }: Raster): Walk {
  const [last, lastRow, lastColumn] = [width * height - 1, width * (height - 1), width - 1];
  const walks: Record<number, Walk> = {
    2: { first: lastColumn, right: -1, down: width },
    3: { first: last, right: -1, down: -width },
    4: { first: lastRow, right: 1, down: -width },
    5: { first: 0, right: width, down: 1 },
    6: { first: lastRow, right: -width, down: 1 },
    7: { first: last, right: -width, down: -1 },
    8: { first: lastColumn, right: width, down: -1 },
  };
  return walks[orientation];
}

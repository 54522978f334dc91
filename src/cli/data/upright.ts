// Cameras store pictures turned, and say so in EXIF. A mask may be drawn over the picture as stored or as shown: where its size
// tells which, both are brought together; where it does not, nobody can know.
import type { Raster } from "./raster.js";
import { turned } from "./turned.js";

/** A picture and its mask, pixel on pixel, and whether one of them was turned. */
export interface Pair {
  readonly picture: Raster;
  readonly mask: Raster;
  readonly wasTurned: boolean;
}

type Size = Pick<Raster, "width" | "height">;

/** The pair upright, or as stored where the mask was drawn so; throws an Error that goes on after the turned file's name. */
export function upright(picture: Raster, mask: Raster): Pair {
  if (picture.orientation === 1 && mask.orientation === 1) return { picture, mask, wasTurned: false };
  if (picture.orientation === mask.orientation) return { picture: turned(picture), mask: turned(mask), wasTurned: true };
  if (picture.orientation !== 1 && mask.orientation !== 1) {
    throw new Error(
      `is stored turned in another way (EXIF orientation ${picture.orientation}) than its mask (${mask.orientation}); save both upright`,
    );
  }
  const [one, other] = picture.orientation === 1 ? [mask, picture] : [picture, mask];
  const [stored, shown] = [sameSize(one, other), sameSize(shownSize(one), other)];
  if (stored && shown) {
    const what = one === mask ? "its picture" : "its mask";
    throw new Error(
      `is stored turned or mirrored (EXIF orientation ${one.orientation}), and ${what} fits it both as stored and as shown; save both upright`,
    );
  }
  if (!shown) return { picture, mask, wasTurned: false };
  return one === picture ? { picture: turned(picture), mask, wasTurned: true } : { picture, mask: turned(mask), wasTurned: true };
}

function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

function shownSize({ width, height, orientation }: Raster): Size {
  return orientation > 4 ? { width: height, height: width } : { width, height };
}

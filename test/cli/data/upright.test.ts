import { describe, expect, test } from "vitest";
import type { Raster } from "../../../src/cli/data/raster.js";
import { upright } from "../../../src/cli/data/upright.js";
import { raster } from "../helpers/rasters.js";

/** Six pixels, 3 wide and 2 high unless told. */
const stored = (orientation: number, width = 3, height = 2): Raster => raster(1, [1, 2, 3, 4, 5, 6], { width, height, orientation });
const sizeOf = ({ width, height }: Raster) => [width, height];

describe("upright", () => {
  test("leaves upright pairs alone", () => {
    const [picture, mask] = [stored(1), stored(1)];
    expect(upright(picture, mask)).toEqual({ picture, mask, wasTurned: false });
  });

  test("turns the picture to an upright mask", () => {
    const { picture, mask, wasTurned } = upright(stored(6), stored(1, 2, 3));
    expect([sizeOf(picture), sizeOf(mask), wasTurned]).toEqual([[2, 3], [2, 3], true]); // biome-ignore format: one line
    expect([...picture.values]).toEqual([4, 1, 5, 2, 6, 3]);
    expect([...mask.values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("leaves the picture to a mask that was drawn over it as stored", () => {
    const { picture, wasTurned } = upright(stored(6), stored(1));
    expect([sizeOf(picture), [...picture.values], wasTurned]).toEqual([[3, 2], [1, 2, 3, 4, 5, 6], false]); // biome-ignore format: one line
  });

  test("turns the mask to an upright picture", () => {
    const { picture, mask } = upright(stored(1, 2, 3), stored(8));
    expect([sizeOf(picture), sizeOf(mask)]).toEqual([[2, 3], [2, 3]]); // biome-ignore format: one line
    expect([...mask.values]).toEqual([3, 6, 2, 5, 1, 4]);
  });

  test("turns both where both are stored alike", () => {
    const { picture, mask } = upright(stored(3), stored(3));
    expect([...picture.values]).toEqual([6, 5, 4, 3, 2, 1]);
    expect([...mask.values]).toEqual([6, 5, 4, 3, 2, 1]);
  });

  test.each([
    ["half turns", stored(3), stored(1), /EXIF orientation 3\), and its mask fits it both as stored and as shown; save both upright/],
    ["squares", { ...stored(6), width: 2 }, { ...stored(1), width: 2 }, /EXIF orientation 6/],
    ["a mask stored by half a turn", stored(1), stored(2), /EXIF orientation 2\), and its picture fits/],
    ["two ways", stored(6), stored(8), /stored turned in another way \(EXIF orientation 6\) than its mask \(8\)/],
  ])("refuses %s, which nobody can know", (_, picture, mask, message) => {
    expect(() => upright(picture, mask)).toThrow(message);
  });

  test("leaves sizes that fit no way as they are", () => {
    expect(upright(stored(6), stored(1, 6, 1))).toMatchObject({ picture: { width: 3 }, mask: { width: 6 }, wasTurned: false });
  });
});

import { describe, expect, test } from "vitest";
import { refuseTurned } from "../../../src/cli/data/exif.js";
import { tiff } from "../helpers/tiff.js";

describe.each([true, false])("refuseTurned, little-endian %s", (little) => {
  test.each([2, 3, 4, 5, 6, 7, 8])("refuses orientation %i", (orientation) => {
    expect(() => refuseTurned(tiff(orientation, little))).toThrow(`(EXIF orientation ${orientation}); save it upright`);
  });

  test("lets upright pictures through, and blocks that are cut off anywhere before the orientation", () => {
    refuseTurned(tiff(1, little));
    const turned = tiff(6, little);
    for (let length = 0; length < 22; length++) refuseTurned(turned.subarray(0, length));
  });
});

test("a directory beyond the end, or of endless entries, is none", () => {
  const block = tiff(6, true);
  block.writeUInt32LE(0xfffffff0, 4);
  refuseTurned(block);
  const endless = tiff(6, true);
  endless.writeUInt16LE(0xffff, 8);
  endless.writeUInt16LE(0x0100, 10);
  refuseTurned(endless);
});

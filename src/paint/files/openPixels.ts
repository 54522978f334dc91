// The pixels of a picture, some rows at a time: all pixels of a large one would take too much memory, and too long.
import { faults } from "../strings.js";

/** A decoded picture. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of the rows from `from` up to, and without, `to`. */
  rows(from: number, to: number): Uint8ClampedArray;
  /** Frees its memory. */
  close(): void;
}

/** The picture in `file` as the browser shows it, upright; rejects where the browser cannot decode it. */
export async function openPixels(file: Blob): Promise<Pixels> {
  // as the learner reads it, and `lovasz` too: without the colour profile
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const { width, height } = bitmap;
  let canvas = new OffscreenCanvas(1, 1);
  return {
    width,
    height,
    rows(from, to) {
      if (canvas.width !== width || canvas.height < to - from) canvas = new OffscreenCanvas(width, to - from);
      const context = canvas.getContext("2d", { willReadFrequently: true });
      if (!context) throw new Error(faults.picture.noCanvas);
      context.clearRect(0, 0, width, to - from);
      context.drawImage(bitmap, 0, -from);
      return context.getImageData(0, 0, width, to - from).data;
    },
    close: () => bitmap.close(),
  };
}

/** Pixels that are drawn at a time: browsers refuse larger canvases, or return nothing of them. */
const TILE = 2048;

/** The pixels of a picture's file, upright and with the values that the file has, as far as a canvas tells them: red, green and blue. */
export async function decode(file: Blob): Promise<{ data: Uint8Array; width: number; height: number; channels: 3 }> {
  const bitmap = await createImageBitmap(file, {
    imageOrientation: "from-image",
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  });
  try {
    const { width, height } = bitmap;
    const data = new Uint8Array(3 * width * height);
    const canvas = new OffscreenCanvas(Math.min(TILE, width), Math.min(TILE, height));
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) throw new RangeError("cannot allocate a canvas");
    context.globalCompositeOperation = "copy";
    for (let upper = 0; upper < height; upper += TILE) {
      for (let left = 0; left < width; left += TILE) {
        const [columns, rows] = [Math.min(TILE, width - left), Math.min(TILE, height - upper)];
        context.drawImage(bitmap, -left, -upper);
        const rgba = context.getImageData(0, 0, columns, rows).data;
        for (let y = 0, from = 0; y < rows; y++) {
          let to = 3 * ((upper + y) * width + left);
          for (let x = 0; x < columns; x++, from += 4) {
            data[to++] = rgba[from];
            data[to++] = rgba[from + 1];
            data[to++] = rgba[from + 2];
          }
        }
      }
    }
    return { data, width, height, channels: 3 };
  } finally {
    bitmap.close();
  }
}

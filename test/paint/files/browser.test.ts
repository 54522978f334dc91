// Saving and opening in a real page, under its policy: pictures are decoded by the browser, and nothing may change a label.
import { decode, encode } from "fast-png";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import type * as openPixels from "../../../src/paint/files/openPixels.js";
import type * as openProject from "../../../src/paint/files/openProject.js";
import type * as projectZip from "../../../src/paint/files/projectZip.js";
import { uniform } from "../../../src/random.js";
import { describeBrowser } from "../../helpers/browser.js";
import { openModules } from "../helpers/openModules.js";

declare const modules: {
  "files/openPixels": typeof openPixels;
  "files/openProject": typeof openProject;
  "files/projectZip": typeof projectZip;
};
const NAMES = ["files/openPixels", "files/openProject", "files/projectZip"];

const [width, height] = [50, 37];
const next = uniform(2);
const noise = Uint8Array.from({ length: 3 * width * height }, () => 256 * next());

describeBrowser("in a browser", () => {
  test("pixels are read as they are in the file, whatever rows are asked for", async () => {
    const { page, close } = await openModules(...NAMES);
    const read = await page.evaluate(
      async (bytes) => {
        const { width, height, rows } = await modules["files/openPixels"].openPixels(new Blob([Uint8Array.from(bytes)]));
        const read = (from: number, to: number) => [...rows(from, to)];
        return [width, height, read(0, height), read(3, 4), read(30, 37), read(0, 2)];
      },
      [...encode({ width, height, channels: 3, data: noise })],
    );
    const rgba = (from: number, to: number) =>
      Array.from({ length: 4 * (to - from) * width }, (_, i) => (i % 4 === 3 ? 255 : noise[3 * (from * width + (i >> 2)) + (i % 4)]));
    expect(read).toEqual([width, height, rgba(0, height), rgba(3, 4), rgba(30, 37), rgba(0, 2)]);
    await close();
  });

  test("a project is saved with exact labels, and opened again; pictures that lovasz does not read are PNG files in it", async () => {
    const { page, close } = await openModules(...NAMES);
    const { zip, webp, again } = await page.evaluate(
      async ({ bytes, width, height }) => {
        const png = new Blob([Uint8Array.from(bytes)]);
        const pixels = await modules["files/openPixels"].openPixels(png);
        const canvas = new OffscreenCanvas(width, height);
        canvas.getContext("2d")!.putImageData(new ImageData(new Uint8ClampedArray(pixels.rows(0, height)), width, height), 0, 0);
        const lossy = await canvas.convertToBlob({ type: "image/webp" });
        const strokes = Uint8Array.from({ length: width * height }, (_, i) => [255, 0, 1, 2, 130][i % 5]);
        const classes = ["#000000", "#ff0000", "#00ff00"].map((colour, i) => ({ name: String(i), colour }));
        const pictures = [png, lossy].map((file, i) => ({ name: `p.${i}`, file, width, height, strokes }));
        const network = { safetensors: new Uint8Array(3), onnx: new Uint8Array(4) };
        const predict = async () => Uint8Array.from(strokes, (_, i) => (i % 3) | 128);
        const file = await modules["files/projectZip"].projectZip({ classes, pictures, network }, { predict });
        const opened = await modules["files/openProject"].openProject(file);
        return {
          zip: [...new Uint8Array(await file.arrayBuffer())],
          webp: [...(await modules["files/openPixels"].openPixels(lossy)).rows(0, height)],
          again: opened.pictures.map((picture) => [picture.name, picture.file.size, [...picture.strokes]]),
        };
      },
      { bytes: [...encode({ width, height, channels: 3, data: noise })], width, height },
    );
    const files = unzipSync(Uint8Array.from(zip));
    const pixels = Array.from({ length: width * height }, (_, i) => i);
    for (const stem of ["p", "p-2"]) {
      expect([...decode(files[`strokes/${stem}.png`]).data]).toEqual(pixels.map((i) => [255, 0, 1, 2, 2][i % 5]));
      expect([...decode(files[`classes/${stem}.png`]).data]).toEqual(pixels.map((i) => [i % 3, 0, 1, 2, 2][i % 5]));
    }
    expect([...decode(files["images/p.png"]).data]).toEqual([...noise]);
    expect([...decode(files["images/p-2.png"]).data]).toEqual(webp.filter((_, i) => i % 4 < 3));
    expect(again).toEqual(
      ["p", "p-2"].map((stem, i) => [`p.${i}`, files[`images/${stem}.png`].length, pixels.map((i) => [255, 0, 1, 2, 130][i % 5])]),
    );
    await close();
  });
});

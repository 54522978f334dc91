// A project as a zip file: what was painted and learned, to be opened here again, and to be used without the page.
import { toImageData } from "../../model/toImageData.js";
import { HELD_OUT, UNPAINTED } from "../messages.js";
import { faults, readme } from "../strings.js";
import { encodePng, type Rows } from "./encodePng.js";
import { keptExtension } from "./keptExtension.js";
import { openPixels, type Pixels } from "./openPixels.js";
import { MANIFEST, type Manifest, NETWORK, type ProjectClass, VERSION } from "./project.js";
import { safeStems } from "./safeStems.js";
import { ZipWriter } from "./ZipWriter.js";

/** A picture of a project. */
export interface ProjectPicture {
  /** As the person named it. */
  readonly name: string;
  readonly file: Blob;
  /** Pixels a row, as it is shown. */
  readonly width: number;
  readonly height: number;
  /** A label a pixel, as it is painted. */
  readonly strokes: Uint8Array;
}

/** What is to be saved. */
export interface Project {
  readonly classes: readonly ProjectClass[];
  readonly pictures: readonly ProjectPicture[];
  /** The files of the network; null before there is one, and then there are no masks. */
  readonly network: { readonly safetensors: Uint8Array<ArrayBuffer>; readonly onnx: Uint8Array<ArrayBuffer> } | null;
}

/** How it is done. */
export interface ZipOptions {
  /** The labels that the network predicts of `picture`. Pictures are asked for one after the other. */
  readonly predict: (picture: ProjectPicture) => Promise<Uint8Array>;
  /** Called with the fraction that is done, from 0 to 1. */
  readonly onProgress?: (done: number) => void;
  /** Decodes a picture; that of the browser by default. */
  readonly open?: (file: Blob) => Promise<Pixels>;
}

/** The highest bits of labels tell strokes that are held out and pixels that are unsure. */
const CLASS = 127;
/** Of 255: the picture shows through the colours of classes. */
const ALPHA = "a0";

/** The zip file of `project`. It is made in small pieces, so that a page goes on meanwhile. Rejects with an Error for a person. */
export async function projectZip(project: Project, { predict, onProgress = () => {}, open = openPixels }: ZipOptions): Promise<Blob> {
  const { classes, pictures, network } = project;
  const zip = new ZipWriter();
  const stems = safeStems(pictures.map(({ name }) => name));
  const extensions = await Promise.all(pictures.map(({ file }) => keptExtension(file)));
  const imageOf = (i: number) => `images/${stems[i]}.${extensions[i] ?? "png"}`;
  const strokesOf = (i: number) => `strokes/${stems[i]}.png`;
  const hasHeldOut = pictures.map(({ strokes }) => strokes.some(isHeldOut));
  const heldOutOf = (i: number) => `held-out/${stems[i]}.png`;
  await zip.add(
    "README.txt",
    new Blob([readme({ classes, pictures: pictures.length, hasNetwork: network !== null, hasHeldOut: hasHeldOut.includes(true) })]),
  );
  const manifest: Manifest = {
    version: VERSION,
    classes: classes.map(({ name, colour }) => ({ name, colour })),
    pictures: pictures.map(({ name, width, height }, i) => {
      const heldOut = hasHeldOut[i] ? heldOutOf(i) : undefined;
      return { name, width, height, image: imageOf(i), strokes: strokesOf(i), heldOut };
    }),
  };
  await zip.add(MANIFEST, new Blob([JSON.stringify(manifest, null, 2)]));
  if (network) {
    await zip.add(NETWORK, new Blob([network.safetensors]));
    await zip.add("network.onnx", new Blob([network.onnx]));
  }
  for (const [i, picture] of pictures.entries()) {
    const { strokes } = picture;
    const strokeOf = (pixel: number) => (strokes[pixel] === UNPAINTED ? UNPAINTED : strokes[pixel] & CLASS);
    const pixels = await open(picture.file).catch((cause) => {
      throw new Error(faults.picture.moved(picture.name), { cause });
    });
    try {
      await zip.add(imageOf(i), extensions[i] === null ? await encodePng(shown(pixels)) : picture.file);
      await zip.add(strokesOf(i), await encodePng(grey(picture, strokeOf)));
      if (hasHeldOut[i]) await zip.add(heldOutOf(i), await encodePng(grey(picture, (pixel) => (isHeldOut(strokes[pixel]) ? 255 : 0))));
      if (network) {
        const predicted = await predict(picture);
        const labelOf = (pixel: number) => (strokes[pixel] === UNPAINTED ? predicted[pixel] : strokes[pixel]) & CLASS;
        const isMask = classes.length === 2;
        const mask = grey(picture, (pixel) => (isMask ? 255 * labelOf(pixel) : labelOf(pixel)));
        await zip.add(`${isMask ? "masks" : "classes"}/${stems[i]}.png`, await encodePng(mask));
        await zip.add(`overlays/${stems[i]}.png`, await encodePng(overlay(pixels, labelOf, classes)));
      }
    } finally {
      pixels.close();
    }
    onProgress((i + 1) / pictures.length);
  }
  return zip.finish();
}

const isHeldOut = (stroke: number) => stroke !== UNPAINTED && (stroke & HELD_OUT) !== 0;

/** A value for each pixel of `picture`. */
function grey({ width, height }: ProjectPicture, value: (pixel: number) => number): Rows {
  const rows = (from: number, to: number) => {
    const values = new Uint8Array((to - from) * width);
    for (let i = 0; i < values.length; i++) values[i] = value(from * width + i);
    return values;
  };
  return { width, height, channels: 1, rows };
}

function shown({ width, height, rows: read }: Pixels): Rows {
  const rows = (from: number, to: number) => {
    const rgba = read(from, to);
    const rgb = new Uint8Array((to - from) * width * 3);
    for (let i = 0; i < (to - from) * width; i++) for (let c = 0; c < 3; c++) rgb[3 * i + c] = rgba[4 * i + c];
    return rgb;
  };
  return { width, height, channels: 3, rows };
}

/** The picture with the colours of its classes drawn over it; class 0 is the background. */
function overlay(pixels: Pixels, labelOf: (pixel: number) => number, classes: readonly ProjectClass[]): Rows {
  const { width } = pixels;
  const picture = shown(pixels);
  const colours = classes.map(({ colour }, label) => (label === 0 ? null : `${colour}${ALPHA}`));
  const rows = (from: number, to: number) => {
    const rgb = picture.rows(from, to);
    const labels = new Uint8Array((to - from) * width);
    for (let i = 0; i < labels.length; i++) labels[i] = labelOf(from * width + i);
    const { data } = toImageData({ width, height: to - from, labels }, { colours });
    for (let i = 0; i < labels.length; i++) {
      const share = data[4 * i + 3] / 255;
      for (let c = 0; c < 3; c++) rgb[3 * i + c] = Math.round((1 - share) * rgb[3 * i + c] + share * data[4 * i + c]);
    }
    return rgb;
  };
  return { ...picture, rows };
}

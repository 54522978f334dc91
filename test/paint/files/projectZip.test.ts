// A saved project as others take it: the command lovasz, onnxruntime-web, and the page again.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { decode, encode } from "fast-png";
import { unzipSync } from "fflate";
import { encode as encodeJpeg } from "jpeg-js";
import * as ort from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { nn } from "../../../src/index.js";
import { predict, saveNetwork, toOnnx } from "../../../src/model/index.js";
import { openProject } from "../../../src/paint/files/openProject.js";
import { type ProjectPicture, projectZip } from "../../../src/paint/files/projectZip.js";
import { HELD_OUT, UNPAINTED, UNSURE } from "../../../src/paint/messages.js";
import { uniform } from "../../../src/random.js";
import { call } from "../../cli/helpers/call.js";
import { exifPng, temporaryFolder } from "../../cli/helpers/files.js";
import { tiff } from "../../cli/helpers/tiff.js";

ort.env.wasm.numThreads = 1;

const [width, height] = [40, 32];
const next = uniform(3);
const CLASSES = ["background", "cell", "debris"].map((name, i) => ({ name, colour: ["#000000", "#00ff80", "#cc79a7"][i] }));

/** A picture of noise with brighter squares, and strokes of the first `classes` classes, some of them held out. */
function painted(name: string, classes: number): ProjectPicture & { rgb: Uint8Array } {
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return (x > 12 && x < 28 && y > 8 && y < 24 ? 150 : 40) + 60 * next();
  });
  const strokes = new Uint8Array(width * height).fill(UNPAINTED);
  for (let i = 0; i < 40; i++) strokes[i] = (i % classes) | (i % 7 === 0 ? HELD_OUT : 0);
  const file = new Blob([encode({ width, height, channels: 3, data: rgb }) as Uint8Array<ArrayBuffer>]);
  return { name, file, width, height, strokes, rgb };
}

/** What a browser does: PNG files only. */
async function open(file: Blob) {
  const { width, height, data, channels } = decode(new Uint8Array(await file.arrayBuffer()));
  const rgba = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 255 : data[channels * (i >> 2) + (i % 4)]));
  return { width, height, rows: (from: number, to: number) => rgba.subarray(4 * from * width, 4 * to * width), close: () => {} };
}

async function saved(count: number, names = ["a.png", "b.png", "sub/a.png", "c.png"]) {
  const classes = CLASSES.slice(0, count);
  const pictures = names.map((name) => painted(name, count));
  const network = new nn.UNet({ width: 4, levels: 2, norm: "group", outChannels: count === 2 ? 1 : count, seed: 5 });
  const model = { network, classes: count === 2 ? null : count };
  network.eval();
  const labelsOf = async ({ rgb }: { rgb: Uint8Array }) => (await predict(model, { data: rgb, width, height, channels: 3 })).labels;
  const labels = await Promise.all(pictures.map(labelsOf));
  const files = { safetensors: saveNetwork(model), onnx: toOnnx(model) } as {
    safetensors: Uint8Array<ArrayBuffer>;
    onnx: Uint8Array<ArrayBuffer>;
  };
  const zip = await projectZip(
    { classes, pictures, network: files },
    // regions where it is unsure are marked, which is no matter of the masks
    {
      open,
      predict: async (picture) => labels[pictures.indexOf(picture as (typeof pictures)[0])].map((label, i) => label | (i % 2 && UNSURE)),
    },
  );
  network.dispose();
  return { zip, pictures, labels, classes, ...unpacked(new Uint8Array(await zip.arrayBuffer())) };
}

function unpacked(zip: Uint8Array) {
  const files = unzipSync(zip);
  const folder = temporaryFolder();
  for (const name of Object.keys(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), files[name]);
  }
  return { files, folder };
}

/** Trains for an epoch; on one thread, as the script of further ones is not built here. */
function train(folder: string, ...more: string[]) {
  const small = ["--epochs", "1", "--width", "2", "--levels", "2", "--threads", "1", "--quiet"];
  return call("train", "--data", folder, "--out", join(folder, "run"), ...small, ...more);
}

const STEMS = ["a", "b", "a-2", "c"];
const greyOf = (file: Uint8Array) => {
  const { data, channels } = decode(file);
  expect(channels).toBe(1);
  return data;
};

describe.each([2, 3])("a project of %i classes", (count) => {
  const kind = count === 2 ? "masks" : "classes";
  const classNumbers = count === 2 ? [] : ["--classes", String(count)];

  test("is a data folder: lovasz inspect finds no fault, and lovasz train trains", async () => {
    const { folder, files } = await saved(count);
    expect(String(Buffer.from(files["README.txt"]))).toContain(`lovasz train --data .${count === 3 ? " --classes 3" : ""}\n`);
    const { code, out } = await call("inspect", "--data", folder, ...classNumbers, "--json");
    expect(code).toBe(0);
    const { pictures, warnings } = JSON.parse(out);
    expect(warnings).toEqual([]);
    expect(pictures.map(({ name }: { name: string }) => name)).toEqual([...STEMS].sort());
    expect(await train(folder, ...classNumbers)).toMatchObject({ code: 0 });
  });

  test("has what is predicted as masks, with what was painted over it", async () => {
    const { files, labels, pictures } = await saved(count);
    for (const [i, stem] of STEMS.entries()) {
      const { strokes } = pictures[i];
      const isPainted = [...strokes].map((stroke) => stroke !== UNPAINTED);
      const classOf = (pixel: number) => (isPainted[pixel] ? strokes[pixel] & 127 : labels[i][pixel]);
      expect([...greyOf(files[`${kind}/${stem}.png`])]).toEqual(isPainted.map((_, pixel) => classOf(pixel) * (count === 2 ? 255 : 1)));
      expect([...greyOf(files[`strokes/${stem}.png`])]).toEqual(isPainted.map((is, pixel) => (is ? strokes[pixel] & 127 : 255)));
      // as predict --overlay and toImageData: 160 of 255 of the colour, and none of the background
      const colours = [null, [0, 255, 128], [204, 121, 167]];
      const share = 160 / 255;
      const expected = Array.from(pictures[i].rgb, (value, at) => {
        const colour = colours[classOf(Math.floor(at / 3))];
        return colour ? Math.round((1 - share) * value + share * colour[at % 3]) : value;
      });
      expect([...decode(files[`overlays/${stem}.png`]).data]).toEqual(expected);
    }
  });

  test("has networks that predict the same elsewhere: lovasz predict and onnxruntime-web", async () => {
    const { folder, files, labels, pictures } = await saved(count);
    const out = join(folder, "predicted");
    expect(
      (await call("predict", "--model", join(folder, "network.safetensors"), "--data", folder, "--out", out, "--threads", "1")).code,
    ).toBe(0);
    const session = await ort.InferenceSession.create(files["network.onnx"]);
    for (const [i, stem] of STEMS.entries()) {
      const truth = [...labels[i]];
      expect([...greyOf(readFileSync(join(out, `${stem}.png`)))]).toEqual(count === 2 ? truth.map((label) => 255 * label) : truth);
      const planes = Float32Array.from(
        pictures[i].rgb,
        (_, at) => pictures[i].rgb[3 * (at % (width * height)) + Math.floor(at / width / height)],
      );
      const { logits } = await session.run({ picture: new ort.Tensor("float32", planes, [1, 3, height, width]) });
      const at = (label: number, pixel: number) => (logits.data as Float32Array)[label * width * height + pixel];
      const best = truth.map((_, pixel) =>
        count === 2 ? Number(at(0, pixel) > 0) : [0, 1, 2].reduce((a, b) => (at(b, pixel) > at(a, pixel) ? b : a)),
      );
      expect(best).toEqual(truth);
      expect(new Set(truth).size).toBeGreaterThan(1);
    }
    await session.release();
  });

  test("is opened again as it was", async () => {
    const { zip, pictures, classes, files } = await saved(count);
    const opened = await openProject(zip);
    expect(opened.classes).toEqual(classes);
    expect(Buffer.from(await opened.network!.arrayBuffer())).toEqual(Buffer.from(files["network.safetensors"]));
    expect(opened.pictures).toHaveLength(4);
    for (const [i, { file, ...picture }] of opened.pictures.entries()) {
      const { name, strokes } = pictures[i];
      expect(picture).toEqual({ name, width, height, strokes });
      expect(Buffer.from(await file.arrayBuffer())).toEqual(Buffer.from(await pictures[i].file.arrayBuffer()));
    }
  });
});

test("one picture alone does not train, as README.txt says, but beside another folder it does", async () => {
  const [{ folder, files }, other] = [await saved(2, ["only.png"]), await saved(2, ["other.png"])];
  expect(String(Buffer.from(files["README.txt"]))).toContain("It needs a second picture, to validate with");
  expect(await train(folder)).toMatchObject({ code: 1, err: expect.stringContaining("expected at least 2") });
  expect(await train(folder, "--val", other.folder)).toMatchObject({ code: 0 });
});

test("without a network there are no masks, and the project opens", async () => {
  const picture = painted("a.png", 2);
  const predict = () => Promise.reject(new Error("there is nothing to predict by"));
  const zip = await projectZip({ classes: CLASSES, pictures: [picture], network: null }, { open, predict });
  const { files } = unpacked(new Uint8Array(await zip.arrayBuffer()));
  expect(Object.keys(files).sort()).toEqual(["README.txt", "held-out/a.png", "images/a.png", "project.json", "strokes/a.png"]);
  expect((await openProject(zip)).network).toBe(null);
});

const PNGS = ["images/1.png", "images/2.png", "images/3.png"];

test("pictures that lovasz cannot read, or not as they are shown, are written anew as PNG", async () => {
  const jpeg = encodeJpeg({ width: 2, height: 2, data: Buffer.alloc(16, 90) }, 90).data;
  // as cameras write it: the first segment says that the picture is stored turned
  const exif = Buffer.concat([Buffer.from("Exif\0\0"), tiff(3, true)]);
  const turned = Buffer.concat([jpeg.subarray(0, 2), Buffer.of(0xff, 0xe1, 0, 2 + exif.length), exif, jpeg.subarray(2)]);
  const upright = new Blob([jpeg as Buffer<ArrayBuffer>]);
  const others = [exifPng(2, 2, 3), turned, Buffer.from("RIFF....WEBP")].map((bytes) => new Blob([bytes as Buffer<ArrayBuffer>]));
  const pictures = [upright, ...others].map((file, i) => ({
    name: `${i}.x`,
    file,
    width: 2,
    height: 2,
    strokes: new Uint8Array(4).fill(i),
  }));
  const shown = {
    width: 2,
    height: 2,
    rows: (from: number, to: number) => new Uint8ClampedArray(8 * (to - from)).fill(77),
    close: () => {},
  };
  const zip = await projectZip(
    { classes: CLASSES, pictures, network: null },
    { open: async () => shown, predict: async () => new Uint8Array(4) },
  );
  const { files } = unpacked(new Uint8Array(await zip.arrayBuffer()));
  expect(Object.keys(files).filter((name) => name.startsWith("images/"))).toEqual(["images/0.jpg", ...PNGS]);
  expect(Buffer.from(files["images/0.jpg"])).toEqual(Buffer.from(await upright.arrayBuffer()));
  for (const name of PNGS) expect([...decode(files[name]).data]).toEqual(new Array(12).fill(77));
});

test("a picture that can no longer be read is named", async () => {
  const project = { classes: CLASSES, pictures: [painted("a.png", 2)], network: null };
  const failing = () => Promise.reject(new DOMException("gone", "NotReadableError"));
  await expect(projectZip(project, { open: failing, predict: failing })).rejects.toThrow("a.png can no longer be read, as if it was moved");
});

import { unzipSync, zipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { openProject } from "../../../src/paint/files/openProject.js";
import { projectZip } from "../../../src/paint/files/projectZip.js";

const CLASSES = [
  { name: "background", colour: "#000000" },
  { name: "cell", colour: "#00FF80" },
];
let files: Record<string, Uint8Array>;

const zipped = (all: Record<string, Uint8Array>) => new Blob([zipSync(all) as Uint8Array<ArrayBuffer>]);
const text = (value: string) => new TextEncoder().encode(value);
const manifest = () => JSON.parse(new TextDecoder().decode(files["project.json"]));
/** The project with another project.json. */
const described = (change: object) => zipped({ ...files, "project.json": text(JSON.stringify({ ...manifest(), ...change })) });
const refuse = (file: Blob, message: string | RegExp) => expect(openProject(file, "my.zip")).rejects.toThrow(message);

beforeAll(async () => {
  const open = async () => ({
    width: 3,
    height: 2,
    rows: (from: number, to: number) => new Uint8ClampedArray(12 * (to - from)),
    close: () => {},
  });
  const picture = { name: "a.webp", file: new Blob(["RIFF"]), width: 3, height: 2, strokes: Uint8Array.of(0, 1, 255, 255, 1, 0) };
  const network = { safetensors: Uint8Array.of(1, 2), onnx: Uint8Array.of(3) };
  const zip = await projectZip({ classes: CLASSES, pictures: [picture], network }, { open, predict: async () => new Uint8Array(6) });
  files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
});

describe("openProject opens", () => {
  test("a project that was unpacked and packed again, its folder too, beside what macOS adds", async () => {
    const inFolder = Object.fromEntries(Object.keys(files).map((name) => [`my project/${name}`, files[name]]));
    const mac = { "__MACOSX/my project/project.json": text("{}"), "__MACOSX/my project/._project.json": text("{}") };
    for (const file of [zipped(files), zipped(inFolder), zipped({ ...mac, ...inFolder })]) {
      const { classes, pictures, network } = await openProject(file);
      expect({ classes, size: network?.size }).toEqual({ classes: CLASSES, size: 2 });
      expect(pictures).toMatchObject([{ name: "a.webp", width: 3, height: 2, strokes: Uint8Array.of(0, 1, 255, 255, 1, 0) }]);
    }
  });
});

describe("openProject says what is wrong with", () => {
  test("files that are no zip files, or no projects", async () => {
    await refuse(new Blob(), /^my.zip is no zip file, or its end is missing$/);
    await refuse(new Blob(["not at all a zip file, but long enough"]), /^my.zip is no zip file/);
    await refuse(
      zipped({ "photo.png": files["images/a.png"] }),
      /^my.zip is no project of this page: project.json is missing in it; to open pictures/,
    );
    await refuse(zipped({}), /project.json is missing/);
  });

  test.each(["strokes/a.png", "images/a.png"])("a project without its %s", async (name) => {
    const { [name]: _, ...rest } = files;
    await refuse(zipped(rest), `${name} is missing in my.zip`);
  });

  test.each<[string, object, RegExp]>([
    ["of a later version", { version: 2 }, /^project.json in my.zip is of version 2, expected 1: reload the page/],
    ["without a version", { version: undefined }, /^project.json in my.zip is damaged$/],
    ["without classes", { classes: undefined }, /damaged: it names no classes/],
    ["of one class", { classes: CLASSES.slice(1) }, /damaged: it names no classes/],
    ["of too many classes", { classes: new Array(128).fill(CLASSES[0]) }, /damaged: it names no classes/],
    ["of other colours", { classes: [CLASSES[0], { name: "x", colour: "red; background: url(x)" }] }, /damaged: it names no classes/],
    ["of null", { classes: [null, null] }, /damaged: it names no classes/],
    ["without pictures", { pictures: {} }, /damaged: it names no pictures/],
    [
      "with a picture of no size",
      { pictures: [{ name: "a", image: "images/a.png", strokes: "strokes/a.png", width: 0, height: 1 }] },
      /names no pictures/,
    ],
    [
      "with a picture of another size",
      { pictures: [{ name: "a", image: "images/a.png", strokes: "strokes/a.png", width: 2, height: 3 }] },
      /strokes\/a.png in my.zip is 3 x 2 pixels, but its picture is 2 x 3/,
    ],
    [
      "of more pixels than a page can hold",
      { pictures: [{ name: "a", image: "images/a.png", strokes: "strokes/a.png", width: 2 ** 16, height: 2 ** 16 }] },
      /^my.zip is too large: its pictures have 4294967296 pixels, expected at most 1073741824$/,
    ],
    [
      "with held-out strokes that are no path",
      { pictures: [{ name: "a", image: "images/a.png", strokes: "strokes/a.png", width: 3, height: 2, heldOut: 5 }] },
      /damaged: it names no pictures/,
    ],
    [
      "with held-out strokes that it lacks",
      { pictures: [{ name: "a", image: "images/a.png", strokes: "strokes/a.png", width: 3, height: 2, heldOut: "held-out/a.png" }] },
      /^held-out\/a.png is missing in my.zip$/,
    ],
    [
      "with a path out of it",
      { pictures: [{ name: "a", image: "../../etc/passwd", strokes: "strokes/a.png", width: 3, height: 2 }] },
      /^..\/..\/etc\/passwd is missing in my.zip$/,
    ],
  ])("a project.json %s", async (_, change, message) => {
    await refuse(described(change), message);
  });

  test("strokes that are none", async () => {
    await refuse(zipped({ ...files, "strokes/a.png": text("text") }), /^strokes\/a.png in my.zip is no PNG file$/);
    await refuse(zipped({ ...files, "project.json": text("{") }), /^project.json in my.zip is damaged$/);
    await refuse(zipped({ ...files, "project.json": text("null") }), /^project.json in my.zip is damaged$/);
  });

  test("a bomb, which is not unpacked", async () => {
    const bomb = zipSync({ ...files, "strokes/a.png": new Uint8Array(100) }) as Uint8Array<ArrayBuffer>;
    const view = new DataView(bomb.buffer, bomb.byteOffset, bomb.byteLength);
    const name = Buffer.from(bomb).lastIndexOf("strokes/a.png");
    view.setUint32(name - 46 + 24, 2 ** 31, true);
    await refuse(new Blob([bomb]), /^my.zip is too large: it claims 2147\d+ bytes, expected at most 1073741824$/);
    view.setUint32(name - 46 + 24, 99, true);
    await refuse(new Blob([bomb]), "strokes/a.png in my.zip unpacks to more than the 99 bytes that it claims");
  });
});

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { findPictures } from "../../../src/cli/predict/findPictures.js";
import { encodeOwn } from "../../../src/cli/predict/ownPng.js";
import { temporaryFolder } from "../helpers/files.js";

const all = temporaryFolder();
let count = 0;
let root = "";
beforeEach(() => {
  root = join(all, String(count++));
  mkdirSync(root);
});

function write(...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(root, name, ".."), { recursive: true });
    writeFileSync(join(root, name), "");
  }
}
const stems = async (out: string) => [...(await findPictures(root, join(root, out))).files.keys()];

describe("findPictures", () => {
  test("finds the pictures of a folder, or of images/ in it", async () => {
    write("b.png", "a.jpg", "sub/c.tif", "masks/d.png");
    expect(await stems("out")).toEqual(["a", "b", "masks/d", "sub/c"]);
    write("images/e.png");
    expect(await stems("out")).toEqual(["e"]);
  });

  test("takes a file named images for no folder", async () => {
    write("images", "a.png");
    expect(await stems("out")).toEqual(["a"]);
  });

  test("passes over the folder of the results, through a link too, but not over pictures in a folder that holds results", async () => {
    write("a.png", "out/b.png", "out/sub/c.png");
    symlinkSync(join(root, "out"), join(root, "link"));
    expect(await stems("out")).toEqual(["a"]);
    expect(await stems("link")).toEqual(["a"]);
    expect(await stems("")).toEqual(["a", "link/b", "link/sub/c", "out/b", "out/sub/c"]);
    write("images/d.png");
    expect(await stems("")).toEqual(["d"]);
  });

  test("passes over what lovasz predict wrote, wherever it is, and says so", async () => {
    write("a.jpg", "notes.bmp");
    writeFileSync(join(root, "a.png"), encodeOwn({ width: 1, height: 1, channels: 1, data: Uint8Array.of(1) }));
    const { files, doubts } = await findPictures(root, join(root, "out"));
    expect([...files.values()].map(({ shown }) => shown)).toEqual([join(root, "a.jpg")]);
    expect(doubts).toEqual([
      `in ${root} 1 .bmp file is not read; convert it to PNG`,
      `in ${root} 1 file that lovasz predict wrote is not read`,
    ]);
  });

  test("refuses a folder without pictures, and says what is there", async () => {
    const failure = (message: string) => expect(findPictures(root, join(root, "out"))).rejects.toThrow(message);
    await failure(`${root} holds no PNG, JPEG or TIFF file; pass a folder of pictures, or one that holds images/`);
    write("a.gif", "b.gif");
    await failure(`${root} holds no PNG, JPEG or TIFF file; 2 .gif files are not read; convert them to PNG`);
    mkdirSync(join(root, "images"));
    await failure(`${join(root, "images")} holds no PNG, JPEG or TIFF file; pass a folder`);
    await expect(findPictures(join(root, "none"), root)).rejects.toThrow("none does not exist; pass a folder of pictures");
    await expect(findPictures(join(root, "a.gif"), root)).rejects.toThrow("a.gif is not a folder; pass a folder of pictures");
  });
});

import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles, unreadInWords } from "../../../src/cli/data/files.js";
import { LovaszError } from "../../../src/index.js";
import { slashed, temporaryFolder } from "../helpers/files.js";

const root = temporaryFolder();
let count = 0;

/** A folder with empty files of these names. */
function folderOf(...names: (string | Buffer)[]): string {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  for (const name of names) {
    if (typeof name === "string") mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(typeof name === "string" ? join(folder, name) : Buffer.concat([Buffer.from(`${folder}/`), name]), "");
  }
  return folder;
}
const stems = async (folder: string) => [...(await listFiles(folder, "needed")).files.keys()];

describe("listFiles", () => {
  test("finds PNG, JPEG and TIFF files by stem, in subfolders too", async () => {
    const folder = folderOf("b.png", "a.JPG", "c.jpeg", "d.jfif", "e.jpe", "f.tif", "g.TIFF", "sub/b.png", "sub/deeper/a.png");
    expect(await stems(folder)).toEqual(["a", "b", "c", "d", "e", "f", "g", "sub/b", "sub/deeper/a"]);
  });

  test("counts what is not read, but for what nobody takes for a picture", async () => {
    const folder = folderOf(
      "a.png",
      "b.bmp",
      "c.BMP",
      "d.gif",
      "e",
      "notes.txt",
      ".DS_Store",
      "Thumbs.db",
      "@eaDir/a.png/SYNOPHOTO.jpg",
      "sub/f.webp",
      ".git/g.png",
    );
    const listing = await listFiles(folder, "needed");
    expect(Object.fromEntries(listing.unread)).toEqual({ ".bmp": 2, ".gif": 1, "": 1, ".webp": 1 });
    expect(unreadInWords(listing)).toMatch(/2 .bmp files/);
  });

  test("follows links, but not in circles", async () => {
    const [folder, other] = [folderOf("a.png"), folderOf("b.png")];
    symlinkSync(other, join(folder, "link"));
    symlinkSync(folder, join(folder, "circle"));
    symlinkSync(join(root, "nowhere.png"), join(folder, "broken.png"));
    expect(await stems(folder)).toEqual(["a", "broken", "link/b"]);
  });

  test("passes over a folder below, also behind a link, and over files that are none of the pictures", async () => {
    const folder = folderOf("a.png", "a.jpg", "aside/b.png", "sub/aside/c.png");
    symlinkSync(join(folder, "aside"), join(folder, "link"));
    const listed = async (aside: string) => {
      const isAside = ({ shown }: { shown: string }) => shown.endsWith(".jpg");
      return [...(await listFiles(folder, "needed", { folder: realpathSync(aside), isAside })).files.keys()];
    };
    expect(await listed(join(folder, "aside"))).toEqual(["a", "sub/aside/c"]);
    // the folder itself holds the pictures
    expect(await listed(folder)).toEqual(["a", "aside/b", "link/b", "sub/aside/c"]);
  });

  test("takes one name for one, however its accents are spelt", async () => {
    expect(await stems(folderOf("fac\u0327ade.png"))).toEqual(["fa\u00e7ade"]);
  });

  test.skipIf(process.platform !== "linux")("reads names that are not UTF-8 as Latin-1, and keeps their bytes", async () => {
    const folder = folderOf(Buffer.from("Stra\xdfe.png", "latin1"));
    const [[stem, { path, shown }]] = (await listFiles(folder, "needed")).files;
    expect([stem, shown]).toEqual(["Stra\u00dfe", join(folder, "Stra\u00dfe.png")]);
    expect(path).toEqual(Buffer.from(`${folder}/Stra\xdfe.png`, "latin1"));
  });

  test("refuses two files of one stem, and folders that cannot be read", async () => {
    const refused = (folder: string) => listFiles(folder, "it is needed").catch((error: unknown) => error);
    const twins = await refused(folderOf("sub/a.png", "sub/a.jpg"));
    expect(twins).toBeInstanceOf(LovaszError);
    expect(slashed((twins as Error).message)).toMatch(/sub\/a.jpg and .*sub\/a.png have the same stem; remove one of them$/);
    expect(((await refused(join(root, "none"))) as Error).message).toMatch(/none does not exist; it is needed$/);
    expect(((await refused(join(folderOf("a.png"), "a.png"))) as Error).message).toMatch(/a.png is not a folder; it is needed$/);
  });
});

test("unreadInWords counts in words", () => {
  const words = (...unread: [string, number][]) => unreadInWords({ files: new Map(), unread: new Map(unread) });
  expect(words()).toBe("");
  expect(words([".bmp", 1])).toBe("1 .bmp file is not read; convert it to PNG");
  expect(words([".bmp", 3])).toBe("3 .bmp files are not read; convert them to PNG");
  expect(words([".bmp", 1], [".gif", 1], ["", 2])).toBe("1 .bmp file, 1 .gif file and 2 nameless files are not read; convert them to PNG");
});

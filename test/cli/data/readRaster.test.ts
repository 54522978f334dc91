import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "jpeg-js";
import { expect, test } from "vitest";
import { readRaster } from "../../../src/cli/data/readRaster.js";
import { png, temporaryFolder } from "../helpers/files.js";

const folder = temporaryFolder();

const fileOf = (path: string) => ({ path, shown: path });

function write(name: string, bytes: string | Uint8Array) {
  writeFileSync(join(folder, name), bytes);
  return fileOf(join(folder, name));
}

test("goes by what a file holds, not by its name", async () => {
  expect(
    await readRaster(
      write(
        "a.jpg",
        png(3, 2, 1, () => 7),
      ),
    ),
  ).toMatchObject({ width: 3, height: 2, lossy: false });
  const { data } = encode({ width: 3, height: 2, data: Buffer.alloc(24) }, 90);
  expect(await readRaster(write("b.png", data))).toMatchObject({ width: 3, height: 2, lossy: true });
});

test("names the file and what to do", async () => {
  const expected = (file: string, what: string) => ({
    name: "LovaszError",
    code: "data",
    message: `${file} ${what}; replace or remove it`,
  });
  await expect(readRaster(write("c.png", ""))).rejects.toMatchObject(expected(join(folder, "c.png"), "is empty"));
  await expect(readRaster(write("d.png", "GIF89a"))).rejects.toMatchObject(
    expected(join(folder, "d.png"), "is neither PNG, JPEG nor TIFF"),
  );
  await expect(readRaster(fileOf(join(folder, "e.png")))).rejects.toMatchObject(expected(join(folder, "e.png"), "does not exist"));
});

import { expect, test } from "vitest";
import { overview } from "../../../src/cli/inspect/overview.js";
import { noisePicture } from "../helpers/samples.js";

test("a table of pictures and one of classes, on lines that no name can break", async () => {
  const pictures = [noisePicture(8, 8, 1, "a\n\u001b[2Jb")];
  const folder = { pictures, doubts: [], values: "0 and 1 (indices of palettes)", truth: "masks" as const, classNames: null };
  const text = await overview("cells", folder, null);
  expect(text.split("\n")[0]).toBe("cells: 1 picture of 8 x 8 pixels; the masks hold 0 and 1 (indices of palettes)");
  expect(text).toContain("│ a [2Jb  │");
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  expect(await overview("cells", { ...folder, truth: "maps of class numbers" }, 2)).toContain("the maps of class numbers hold");
});

import { expect, test } from "vitest";
import type { Picture } from "../../../src/cli/data/picture.js";
import { classRows, pictureRow, sizesInWords } from "../../../src/cli/inspect/facts.js";

const picture = (name: string, width: number, height: number, counts: number[], ignored = 0): Picture => {
  return { name, width, height, counts, ignored, read: () => Promise.reject(new Error("is not read")) };
};
const [a, b] = [picture("a", 10, 10, [60, 30], 10), picture("b", 5, 4, [20, 0])];

test("sizesInWords goes from the smallest to the largest", () => {
  expect(sizesInWords([a])).toBe("1 picture of 10 x 10 pixels");
  expect(sizesInWords([a, a])).toBe("2 pictures of 10 x 10 pixels");
  expect(sizesInWords([a, b])).toBe("2 pictures from 5 x 4 to 10 x 10 pixels");
  expect(sizesInWords([picture("c", 4, 5, [20]), b])).toBe("2 pictures from 4 x 5 to 5 x 4 pixels");
});

test("pictureRow shares out the pixels of a picture", () => {
  expect(pictureRow(a)).toEqual(["a", "10 x 10", "30.0 %", "10.0 %"]);
  expect(pictureRow(picture("c", 10, 10, [10, 20, 70]))).toEqual(["c", "10 x 10", "90.0 %", "0.0 %"]);
});

test("classRows shares out the pixels of all pictures", () => {
  const folder = { pictures: [a, b], doubts: [], values: "", truth: "masks" as const, classNames: null };
  expect(classRows(folder, null)).toEqual([
    ["background", "80", "66.7 %", "2 of 2"],
    ["foreground", "30", "25.0 %", "1 of 2"],
    ["ignored", "10", "8.3 %", "1 of 2"],
  ]);
  expect(classRows({ ...folder, pictures: [b] }, 2).map(([name]) => name)).toEqual(["0", "1"]);
  const named = { ...folder, pictures: [b], classNames: ["sky", "car"] };
  expect(classRows(named, 2).map(([name]) => name)).toEqual(["0 (sky)", "1 (car)"]);
});

import { expect, test } from "vitest";
import { safeStems } from "../../../src/paint/files/safeStems.js";

test.each([
  ["cat.png", "cat"],
  ["a.b.jpeg", "a.b"],
  ["no extension", "no extension"],
  ["photos/summer\\cat.png", "cat"],
  ["..", "picture"],
  ["", "picture"],
  [".hidden.png", "_hidden"],
  [".png", "_png"],
  ['what? <1:2>|*".png', "what_ _1_2____"],
  ["tab\there\u0000.png", "tab_here_"],
  ["ends. . .png", "ends"],
  ["CON.png", "_CON"],
  ["nul.tar.png", "_nul.tar"],
  ["com1.png", "_com1"],
  ["console.png", "console"],
  ["e\u0301té.png", "été"],
  ["🦋".repeat(200), "🦋".repeat(100)],
  ["broken \ud83e.png", "broken _"],
])("%j becomes %j", (name, stem) => {
  expect(safeStems([name])).toEqual([stem]);
});

test("no two are alike, whatever their extension, folder and case", () => {
  expect(safeStems(["a.png", "a.jpg", "A.png", "x/a.png", "a-2.png", "b"])).toEqual(["a", "a-2", "A-3", "a-4", "a-2-2", "b"]);
});

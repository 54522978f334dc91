import { expect, test } from "vitest";
import { figure, headOf, keyOfLabels, keyOfPredictions, tableOf } from "../../../src/cli/report/html.js";

test("tableOf escapes what it is given, and marks a ranking", () => {
  expect(tableOf(["a<"], [["1&"], ["2"]])).toContain(
    "<table><thead><tr><th>a&lt;</th></tr></thead><tbody><tr><td>1&amp;</td></tr><tr><td>2</td>",
  );
  expect(tableOf([], [], { ranked: true })).toContain('<table class="ranked">');
});

test("headOf escapes the title, and closes the head", () => {
  const head = headOf("a<b", "default-src 'none'", "p {}");
  expect(head).toContain("<title>a&lt;b</title>");
  expect(head).toMatch(/content="default-src 'none'".*<style>p {}<\/style>\n<\/head>$/s);
});

test("figure has a caption, and a value where there is one", () => {
  expect(figure("data:x", "a<")).toBe('<figure><img src="data:x" alt="a&lt;"><figcaption>a&lt;</figcaption></figure>');
  expect(figure("data:x", "a", "IoU 1 %")).toContain("a<br><b>IoU 1 %</b>");
});

test("keys name every colour", () => {
  const names = (key: string) => [...key.matchAll(/<\/span>([^<]*)</g)].map(([, name]) => name);
  expect(names(keyOfPredictions(null))).toEqual(["correct", "missed", "false alarm", "ignored"]);
  expect(names(keyOfPredictions(3))).toEqual(["class 1 correct", "class 2 correct", "missed", "false alarm", "taken for another class", "ignored"]); // biome-ignore format: one line
  expect(names(keyOfLabels(null))).toEqual(["foreground", "ignored"]);
  expect(names(keyOfLabels(9)).slice(0, 2)).toEqual(["classes 1, 7", "classes 2, 8"]);
});

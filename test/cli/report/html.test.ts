import { expect, test } from "vitest";
import { figure, headOf, keyOfLabels, keyOfPredictions, rowOf, tableOf, unbroken } from "../../../src/cli/report/html.js";

test("tableOf escapes what it is given, and marks a ranking", () => {
  expect(tableOf({ headings: ["a<"], rows: [["1&"], ["2"]] })).toContain(
    "<table><thead><tr><th>a&lt;</th></tr></thead><tbody><tr><td>1&amp;</td></tr><tr><td>2</td>",
  );
  expect(tableOf({ headings: [], rows: [] }, { ranked: true })).toContain('<table class="ranked">');
});

test("unbroken escapes, and keeps measures on one line", () => {
  expect(unbroken("a<b: 48.3 ± 1.0 % (seed 4)")).toBe("a&lt;b: 48.3&nbsp;±&nbsp;1.0&nbsp;% (seed 4)");
});

test("headOf escapes the title, and closes the head", () => {
  const head = headOf("a<b", "default-src 'none'", "p {}");
  expect(head).toContain("<title>a&lt;b</title>");
  expect(head).toMatch(/content="default-src 'none'".*<style>p {}<\/style>\n<\/head>$/s);
});

test("figure has a caption, a value where there is one, and a button that says what it enlarges", () => {
  const panel = { url: "data:x", width: 300, height: 200, sharp: false };
  const image = '<img src="data:x" width="300" height="200" alt="a&lt;">';
  expect(figure(panel, "a<")).toBe(`<figure>${image}<figcaption>a&lt;</figcaption></figure>`);
  expect(figure(panel, "a", "IoU 1 %")).toContain("a<br><b>IoU 1 %</b>");
  expect(figure(panel, "a<", "", 'enlarge "b"')).toMatch(/<button [^>]*aria-label="enlarge &quot;b&quot;"[^>]*><img /);
  expect(figure({ ...panel, sharp: true }, "a")).toContain('<img class="sharp"');
});

test("rowOf sets figures below a name", () => {
  expect(rowOf("a<", ["<figure>", "</figure>"])).toBe('<div class="row"><h3>a&lt;</h3><div class="panels"><figure></figure></div></div>');
});

test("keys name every colour", () => {
  const names = (key: string) => [...key.matchAll(/<\/span>([^<]*)</g)].map(([, name]) => name);
  expect(names(keyOfPredictions(null))).toEqual(["correct", "missed", "false alarm", "ignored"]);
  expect(names(keyOfPredictions(3))).toEqual(["class 1 correct", "class 2 correct", "missed", "false alarm", "taken for another class", "ignored"]); // biome-ignore format: one line
  expect(names(keyOfLabels(null))).toEqual(["foreground", "ignored"]);
  expect(names(keyOfLabels(9)).slice(0, 2)).toEqual(["classes 1, 8", "class 2"]);
});

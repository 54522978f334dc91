import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hexOf, parseColours } from "../../../src/cli/data/colours.js";
import { IGNORED } from "../../../src/model/ignored.js";

const [BLACK, RED, GREEN, BLUE] = [0, 0xff0000, 0x00ff00, 0x0000ff];

describe("parseColours", () => {
  test.each<[string, string, Record<number, number>, string[] | null]>([
    ["lines", "0 0 0\n255 0 0\n", { [BLACK]: 0, [RED]: 1 }, null],
    ["lines with names", "0 0 0 sky\n255 0 0 the car\n", { [BLACK]: 0, [RED]: 1 }, ["sky", "the car"]],
    [
      "tabs, Windows line ends and a byte-order mark",
      "\uFEFF0 0 0\t\tsky\r\n255 0 0\tcar\r\n\r\n",
      { [BLACK]: 0, [RED]: 1 },
      ["sky", "car"],
    ],
    ["commas", "0,0,0,sky\n255, 0, 0, car", { [BLACK]: 0, [RED]: 1 }, ["sky", "car"]],
    ["hexadecimal, and comments", "# classes\n#000000 sky\n#\n#FF0000\n", { [BLACK]: 0, [RED]: 1 }, ["sky", "1"]],
    [
      "ignored pixels",
      "0 0 0 Void\n255 0 0 a\n0 255 0 b\n0 0 255 ignore",
      { [BLACK]: IGNORED, [RED]: 0, [GREEN]: 1, [BLUE]: IGNORED },
      ["a", "b"],
    ],
    ["colours of one name", "0 0 0 a\n255 0 0 b\n0 255 0 a", { [BLACK]: 0, [RED]: 1, [GREEN]: 0 }, ["a", "b"]],
    [
      "numbers in JSON",
      '{ "#000000": 1, "#FF0000": 0, "0 255 0": null, "0,0,255": 1 }',
      { [BLACK]: 1, [RED]: 0, [GREEN]: IGNORED, [BLUE]: 1 },
      null,
    ],
    ["names in JSON", '{ "#ff0000": "b", "#000000": "a", "#00ff00": "void" }', { [RED]: 0, [BLACK]: 1, [GREEN]: IGNORED }, ["b", "a"]],
    ["numbers and void in JSON", '{ "#ff0000": 0, "#000000": 1, "#00ff00": "void" }', { [RED]: 0, [BLACK]: 1, [GREEN]: IGNORED }, null],
    ["a list in JSON", ' [[0, 0, 0], "#ff0000", "0 255 0"]', { [BLACK]: 0, [RED]: 1, [GREEN]: 2 }, null],
  ])("reads %s", (_, text, labels, names) => {
    const read = parseColours(text);
    expect(Object.fromEntries(read.labels)).toEqual(labels);
    const classes = new Set(Object.values(labels).filter((label) => label !== IGNORED)).size;
    expect(read).toMatchObject({ classes, names });
  });

  test("reads every colour in every form alike", () => {
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(channel, channel, channel), { minLength: 2, maxLength: 255, selector: String }), (list) => {
        const rgbs = list.map(([r, g, b]) => 65536 * r + 256 * g + b);
        const forms = [
          list.map((rgb) => rgb.join(" ")).join("\n"),
          rgbs.map(hexOf).join("\r\n"),
          JSON.stringify(list),
          JSON.stringify(Object.fromEntries(rgbs.map((rgb, i) => [hexOf(rgb), i]))),
        ];
        for (const text of forms)
          expect(parseColours(text)).toEqual({ classes: list.length, names: null, labels: new Map(rgbs.map((rgb, i) => [rgb, i])) });
      }),
      { numRuns: 20 },
    );
  });

  test.each<[string, string, RegExp]>([
    ["nothing", "", /^gives colours to 0 classes, expected 2 to 255$/],
    ["one class", "0 0 0", /^gives colours to 1 class,/],
    ["ignored pixels alone", "0 0 0 void\n1 1 1 ignore", /^gives colours to 0 classes/],
    ["too many classes", Array.from({ length: 256 }, (_, i) => `${i} 0 0`).join("\n"), /^gives colours to 256 classes/],
    ["a channel too bright", "0 0 0\n256 0 0 a", /^has "256 0 0 a" in line 2, expected "r g b name" with r, g and b from 0 to 255, or/],
    ["two numbers", "0 0 a", /^has "0 0 a" in line 1/],
    ["numbers of classes first", "0 0 0 0 sky\n1 255 0 0 car", /^has "0 0 0 0 sky" in line 1/],
    ["a short colour", "#fff white", /^has "#fff white" in line 1/],
    ["a long colour", "#ff00001 red", /^has "#ff00001 red" in line 1/],
    ["names first", "sky 0 0 0", /^has "sky 0 0 0" in line 1/],
    ["a colour twice", "0 0 0 a\n#000000 b", /^names #000000 twice, in line 1 and in line 2; remove one of them$/],
    ["a colour twice in JSON", '{ "#ff0000": 0, "#FF0000": 1 }', /^names #ff0000 twice, in #ff0000 and in #FF0000/],
    ["a gap", '{ "#000000": 0, "#ff0000": 2 }', /^gives no colour to class 1; number the classes from 0 without gaps$/],
    ["no class 0", '{ "#000000": 1, "#ff0000": 2 }', /^gives no colour to class 0/],
    [
      "the number of ignored pixels",
      '{ "#000000": 0, "#ff0000": 255 }',
      /^gives #ff0000 the class 255, expected 0 to 254, or null for ignored pixels$/,
    ],
    ["a fraction", '{ "#000000": 0.5, "#ff0000": 1 }', /the class 0.5, expected/],
    ["a negative number", '{ "#000000": -1, "#ff0000": 1 }', /the class -1, expected/],
    ["numbers and names", '{ "#000000": 0, "#ff0000": "car" }', /^gives #ff0000 the class "car", expected 0 to 254/],
    ["an empty name", '{ "#000000": " ", "#ff0000": "car" }', /^gives #000000 the class " ", expected a number, a name, or null/],
    ["another type", '{ "#000000": true, "#ff0000": 1 }', /^gives #000000 the class true, expected a number/],
    ["another key", '{ "sky": "#000000" }', /^has the key "sky", expected a colour such as "#ff0000"$/],
    ["a prototype", '{ "__proto__": 0, "#000000": 1 }', /^has the key "__proto__"/],
    ["a list of two numbers", "[[0, 0], [1, 1, 1]]", /^has .* at \[0\], expected a colour such as "#ff0000" or \[255, 0, 0\]$/],
    ["a list of text numbers", '[["0", 0, 0], [1, 1, 1]]', /at \[0\], expected/],
    ["null in a list", "[null, [1, 1, 1]]", /^has null at \[0\]/],
    ["broken JSON", '{ "#000000": 0', /^is not JSON \(/],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseColours(text)).toThrow(message);
  });
});

test("hexOf writes six digits", () => {
  expect([0, 255, 0xabcdef].map(hexOf)).toEqual(["#000000", "#0000ff", "#abcdef"]);
});

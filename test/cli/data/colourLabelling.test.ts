import { expect, test } from "vitest";
import { colourLabelling } from "../../../src/cli/data/colourLabelling.js";
import { parseColours } from "../../../src/cli/data/colours.js";
import type { LabelOptions, MaskScan } from "../../../src/cli/data/labelling.js";
import { COLOUR } from "../../../src/cli/data/maskValues.js";
import { LovaszError } from "../../../src/index.js";
import { IGNORED } from "../../../src/model/ignored.js";

function scan(counts: Record<number, number>, more: Partial<MaskScan> = {}): MaskScan {
  const values = new Map(Object.entries(counts).map(([rgb, count]) => [COLOUR + Number(rgb), count]));
  const known = { file: "a.png", kind: "colour", lossy: false, white: 255, black: [], hidden: [], isSoft: false, alpha: "none" } as const;
  return { ...known, counts: values, contacts: new Map(), ...more };
}
const options = (text: string): LabelOptions => {
  const colours = { file: "colours.txt", ...parseColours(text) };
  return { classes: colours.classes, ignore: [], threshold: null, colours };
};
const named = options("0 0 0 sky\n255 0 0 car\n0 255 0 void");

test("gives each colour its class", () => {
  const { labelOf, doubts } = colourLabelling([scan({ 0: 5, 16711680: 2, 65280: 1 })], named);
  expect([0, 0xff0000, 0x00ff00].map((rgb) => labelOf(COLOUR + rgb))).toEqual([0, 1, IGNORED]);
  expect(doubts).toEqual([]);
  // a mask that was changed after it was looked at
  expect(() => labelOf(COLOUR + 7)).toThrow("a mask has the colour #000007, which colours.txt does not name, as it was changed while");
});

test.each<[string, MaskScan[], LabelOptions, string]>([
  [
    "a colour that is not named",
    [scan({ 0: 9 }), scan({ 16646401: 12, 16711680: 3 }, { file: "b.png" })],
    named,
    "b.png has 12 pixels of #fe0101, which colours.txt does not name; the nearest that it names is #ff0000 (car); add it to that file, as a class or as ignored, or save the mask as PNG without smoothed edges",
  ],
  [
    "several, of which most pixels have one",
    [scan({ 65024: 1, 65537: 2, 7: 1 })],
    named,
    "a.png has 2 pixels of #010001, which colours.txt does not name (and pixels of 2 other colours that it does not name); the nearest that it names is #000000 (sky);",
  ],
  [
    "a colour next to one that is ignored",
    [scan({ 65024: 1 })],
    named,
    "has 1 pixel of #00fe00, which colours.txt does not name; the nearest that it names is #00ff00;",
  ],
  ["a file without names", [scan({ 9: 1 })], options("0 0 0\n255 0 0"), "the nearest that it names is #000000; add it"],
  [
    "class numbers",
    [scan({ 0: 8, 65793: 2, 16777215: 1 })],
    named,
    "has 2 pixels of #010101, which colours.txt does not name (and pixels of 1 other colour that it does not name); the nearest that it names is #000000 (sky); if these are class numbers, leave out --colours and pass --classes",
  ],
  [
    "transparent pixels",
    [scan({ 16711680: 1 }, { hidden: [COLOUR + 0xff0000] })],
    named,
    "a.png can be read in two ways: pixels of colour #ff0000 are transparent",
  ],
  [
    "soft pixels",
    [scan({ 16711680: 1 }, { isSoft: true })],
    named,
    "a.png can be read in two ways: some of its foreground is partly transparent",
  ],
])("refuses %s", (_, scans, from, message) => {
  expect(() => colourLabelling(scans, from)).toThrow(LovaszError);
  expect(() => colourLabelling(scans, from)).toThrow(message);
});

import { describe, expect, test } from "vitest";
import { contactsOf } from "../../../src/cli/data/contacts.js";
import { classLabelling, type Labelling, type LabelOptions, type MaskScan, maskLabelling } from "../../../src/cli/data/labelling.js";
import { COLOUR } from "../../../src/cli/data/maskValues.js";
import { LovaszError } from "../../../src/index.js";
import { IGNORED } from "../../../src/model/ignored.js";

/** A mask of one row of these values. */
function scan(values: readonly number[], more: Partial<MaskScan> = {}): MaskScan {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const contacts = contactsOf({ width: values.length, values: Uint32Array.from(values) });
  return {
    file: "a.png",
    kind: "grey",
    lossy: false,
    white: 255,
    black: [],
    hidden: [],
    isSoft: false,
    alpha: "none",
    counts,
    contacts,
    ...more,
  };
}
const jpeg = (values: readonly number[]) => scan(values, { file: "a.jpg", lossy: true });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const nothing: LabelOptions = { classes: null, ignore: [], threshold: null };
const ignoring = (...ignore: number[]) => ({ ...nothing, ignore });

function messageOf(label: typeof maskLabelling, scans: readonly MaskScan[], options = nothing): string {
  try {
    label(scans, options);
  } catch (error) {
    expect(error).toBeInstanceOf(LovaszError);
    expect((error as LovaszError).code).toBe("data");
    return (error as LovaszError).message;
  }
  throw new Error("no error came");
}
const labels = ({ labelOf }: Labelling, ...values: number[]) => values.map(labelOf);

describe("maskLabelling", () => {
  test.each<[string, MaskScan[], LabelOptions, number[], number[]]>([
    ["0 and one other", [scan([0, 1]), scan([0, 1])], nothing, [0, 1], [0, 1]],
    ["0 and one other of 16 bits", [scan([0, 65535], { white: 65535 })], nothing, [0, 65535], [0, 1]],
    ["0 alone", [scan([0])], nothing, [0], [0]],
    ["one other alone", [scan([7])], nothing, [7], [1]],
    ["one colour", [scan([0, COLOUR + 0xff0000])], nothing, [0, COLOUR + 0xff0000], [0, 1]],
    ["the value of ignore aside", [scan([0, 1, 255])], ignoring(255), [0, 1, 255], [0, 1, IGNORED]],
    ["0 ignored", [scan([0, 9])], ignoring(0), [0, 9], [IGNORED, 1]],
    ["several ignored values", [scan([0, 1, 254, 255])], ignoring(255, 254), [0, 1, 254, 255], [0, 1, IGNORED, IGNORED]],
    ["a threshold", [scan([0, 100, 255])], { ...nothing, threshold: 128 }, [0, 100, 255], [0, 0, 1]],
    ["a threshold and ignore", [scan([0, 100, 255])], { ...nothing, threshold: 1, ignore: [255] }, [0, 100, 255], [0, 1, IGNORED]],
    ["a threshold on colours", [scan([0, COLOUR + 0x640000])], { ...nothing, threshold: 100 }, [0, COLOUR + 0x640000], [0, 1]],
    ["JPEG noise", [jpeg([...range(0, 12), ...range(243, 255)])], nothing, [12, 243], [0, 1]],
    ["JPEG noise around a dim value", [jpeg([...range(0, 9), ...range(91, 109)])], nothing, [9, 91], [0, 1]],
    ["JPEG beside exact files", [jpeg([0, 3, 250, 255]), scan([0, 255])], nothing, [3, 250], [0, 1]],
    ["a JPEG of two values", [jpeg([0, 1])], nothing, [0, 1], [0, 1]],
    ["a JPEG of noise around 0", [jpeg([0, 1, 2, 3])], nothing, [0, 3], [0, 0]],
    ["a JPEG of noise around one other", [jpeg([250, 252, 255])], nothing, [250, 255], [1, 1]],
    ["the threshold of the training where one is needed", [scan([0, 3, 250])], { ...nothing, trainedThreshold: 128 }, [3, 250], [0, 1]],
    ["and not where none is", [scan([0, 1])], { ...nothing, trainedThreshold: 128 }, [0, 1], [0, 1]],
    ["black that is ignored", [scan([0, 1, 2], { kind: "index", black: [2] })], ignoring(2), [0, 1, 2], [0, 1, IGNORED]],
  ])("reads %s", (_, scans, options, values, expected) => {
    expect(labels(maskLabelling(scans, options), ...values)).toEqual(expected);
  });

  test.each<[string, MaskScan[], RegExp]>([
    [
      "noise",
      [scan([0, 255]), scan([...range(0, 12), ...range(243, 255)], { file: "b.png" })],
      /^b.png holds the values 0, 255 and 24 values in between, most within 12 of them, expected 0 and one other in all masks; pass --threshold 128 if smaller values are noise or soft edges, or --threshold 1 if all but 0 is foreground, as numbers of instances are$/,
    ],
    [
      "dim instances in JPEG",
      [jpeg([...range(0, 7), ...range(95, 106), ...range(248, 255)])],
      /^(?!.*threshold 1 ).*pass --threshold \d\d if/,
    ],
    ["soft edges", [scan(range(0, 255))], /0, 255 and 254 values in between, expected .* --threshold 128 if/],
    ["JPEG noise and instances beside each other", [jpeg([0, 3, 255]), scan([0, 1, 2], { file: "b.png" })], /--threshold 1 if/],
    [
      "JPEG noise beside exact files of values as small",
      [jpeg([0, 3, 250, 255]), scan([0, 1])],
      /a.jpg holds the values 0, 3, 250 and 255/,
    ],
    ["JPEG noise alone beside such files", [jpeg([0, 3]), scan([0, 1])], /all masks together 0, 1 and 3/],
    ["files of several depths", [scan([0, 255]), scan([0, 1], { white: 1 })], /^(?!.*noise).*; pass --threshold 1 if all but 0/],
    ["what is partly transparent", [scan([0, 255], { isSoft: true })], /some of its foreground is partly transparent; save it without/],
    [
      "colours of a photograph, without listing them",
      [scan([0, 9], { hidden: [1, 2, 3, 4] })],
      /pixels of several colours are transparent/,
    ],
    [
      "several colours in JPEG",
      [scan([0, COLOUR + 0xff0000, 255], { kind: "colour", lossy: true })],
      /; pass --threshold 1 if all colours but black/,
    ],
    ["a second value to ignore", [scan([0, 255, 1, 255, 0, 7])], /^(?!.*--ignore)/],
    ["JPEG values that reach into each other", [jpeg([...range(0, 12), ...range(14, 30)])], /^a.jpg holds/],
    [
      "masks of other values than the others",
      [scan([0, 1]), scan([0, 255])],
      /a.png holds the values 0 and 1, all masks together 0, 1 and 255, expected/,
    ],
    ["a border", [scan([0, 255, 1, 255, 0])], /, or --ignore 255 if 255 marks a border that nobody could label$/],
    ["a border of index 2", [scan([0, 2, 1, 2, 0], { kind: "index" })], /the indices 0, 1 and 2, .*or --ignore 2 if 2 marks a border/],
    ["colours", [scan([0, COLOUR + 0xff0000, COLOUR + 0xff00])], /#00ff00 and #ff0000.*pass --threshold 1 if all colours but black are/],
    ["colours", [scan([0, COLOUR + 1, COLOUR + 2])], /, or --colours FILE, which names the class of each colour, if they are classes$/],
    ["instances", [scan([0, 1, 0, 2, 0])], /^(?!.*--ignore|.*noise).*; pass --threshold 1 if all but 0 is foreground/],
    ["dim instances", [scan([0, 100, 0, 255, 0])], /^(?!.*--ignore).*0, 100 and 255/],
    ["no black at all", [scan([1, 2, 3])], /^(?!.*--threshold).*holds the values 1, 2 and 3, .*; save them with 0 for the background$/],
    ["black at another index", [scan([0, 1], { kind: "index", black: [1] })], /index 1 of its palette is black, but index 0 is background/],
    ["transparent pixels with a value", [scan([0, 255], { hidden: [255] })], /pixels of value 255 are transparent; save it without/],
  ])("refuses %s", (_, scans, message) => {
    expect(messageOf(maskLabelling, scans)).toMatch(message);
  });

  test("what a refusal proposes is taken", () => {
    const noise = [scan([...range(0, 12), ...range(243, 255)])];
    expect(labels(maskLabelling(noise, { ...nothing, threshold: 128 }), 12, 243)).toEqual([0, 1]);
    expect(labels(maskLabelling([scan([0, 1, 2])], { ...nothing, threshold: 1 }), 0, 1, 2)).toEqual([0, 1, 1]);
  });

  test("a value to ignore that leaves no background is to be left out", () => {
    expect(messageOf(maskLabelling, [scan([0, 1, 255])], ignoring(0))).toMatch(/one other in all masks, 0 aside; leave out --ignore 0$/);
  });

  test("proposes to ignore a border beside what is ignored", () => {
    const scans = [scan([0, 255, 1, 255, 0, 9, 0])];
    expect(messageOf(maskLabelling, scans, ignoring(9))).toMatch(/, 9 aside; .*, or --ignore 9,255 if 255 marks a border/);
    expect(messageOf(maskLabelling, [scan([0, COLOUR + 1, COLOUR + 2])], ignoring(9))).not.toMatch(/--colours/);
  });

  test("a JPEG has no exact value to ignore", () => {
    expect(messageOf(maskLabelling, [jpeg([0, 255])], ignoring(255))).toMatch(
      /does not keep the value of --ignore exactly; save it as PNG/,
    );
  });

  test("says what is doubtful", () => {
    const doubtsOf = (scans: MaskScan[], options: LabelOptions) => maskLabelling(scans, options).doubts;
    expect(doubtsOf([scan([0, 255])], nothing)).toEqual([]);
    expect(doubtsOf([scan([0, 255])], ignoring(255))).toEqual(["with 255 ignored, all other pixels have the value 0"]);
    expect(doubtsOf([scan([0, 1])], ignoring(255))).toEqual(["no mask has the value 255 that is to be ignored"]);
    expect(doubtsOf([scan([0, 1])], ignoring(255, 254))).toEqual(["no mask has the values 255 and 254 that are to be ignored"]);
    expect(doubtsOf([scan([0, 1, 254])], ignoring(255, 254))).toEqual(["no mask has the value 255 that is to be ignored"]);
    expect(doubtsOf([scan([0, 255]), scan([0, 7])], ignoring(255, 7))).toEqual([
      "with 255 and 7 ignored, all other pixels have the value 0",
    ]);
    expect(doubtsOf([scan([9])], ignoring(9))).toEqual(["with 9 ignored, no other pixel is left"]);
    expect(doubtsOf([scan([0, 1])], { ...nothing, threshold: 128 })).toEqual([
      "a.png has values up to 1, but none that reaches the threshold 128",
    ]);
    expect(doubtsOf([scan([0, 255]), scan([0, 1]), scan([0, 2])], { ...nothing, threshold: 128 })).toEqual([
      "a.png and 1 more masks have values up to 1, but none that reaches the threshold 128",
    ]);
    expect(doubtsOf([scan([0, 100])], { ...nothing, trainedThreshold: 128 })).toEqual([
      "the masks hold 0 and 100, of which 100 is taken for foreground, though the model was trained with --threshold 128",
    ]);
    expect(doubtsOf([scan([0, 200])], { ...nothing, trainedThreshold: 128 })).toEqual([]);
    expect(doubtsOf([scan([0])], { ...nothing, threshold: 128 })).toEqual([]);
    expect(doubtsOf([jpeg([0, 1, 254])], nothing)).toEqual(["JPEG noise in the masks is cut at 128: from there on is foreground"]);
    expect(doubtsOf([scan([0, 1, 200])], { ...nothing, trainedThreshold: 9 })).toEqual([
      "the masks are cut at 9, as those that the model was trained on",
    ]);
  });
});

describe("classLabelling", () => {
  const classes = (count: number, ...ignore: number[]) => ({ ...nothing, classes: count, ignore });

  test.each<[string, MaskScan[], LabelOptions, number[], number[]]>([
    ["class numbers", [scan([0, 2, 1])], classes(3), [0, 1, 2], [0, 1, 2]],
    ["ignored pixels", [scan([0, 1, 255])], classes(2, 255), [0, 1, 255], [0, 1, IGNORED]],
    ["several ignored values", [scan([0, 1, 7, 255])], classes(2, 255, 7), [0, 1, 7, 255], [0, 1, IGNORED, IGNORED]],
    ["0 and 255 and several ignored values", [scan([0, 255, 3, 128])], classes(2, 3, 128), [0, 3, 128, 255], [0, IGNORED, IGNORED, 1]],
    ["0 and 255 as two classes", [scan([0, 255]), scan([0])], classes(2), [0, 255], [0, 1]],
    ["0 and white of 16 bits as two classes", [scan([0, 65535], { white: 65535 })], classes(2), [0, 65535], [0, 1]],
    [
      "white of several depths",
      [scan([0, 255]), scan([0, 1], { white: 1 }), scan([0], { white: 65535 })],
      classes(2),
      [0, 1, 255],
      [0, 1, 1],
    ],
    ["one bit", [scan([0, 1], { white: 1 })], classes(2), [0, 1], [0, 1]],
    ["indices of palettes", [scan([0, 1], { kind: "index" })], classes(2), [0, 1], [0, 1]],
    ["0 and 255 and a value to ignore", [scan([0, 255, 128])], classes(2, 128), [0, 255, 128], [0, 1, IGNORED]],
  ])("reads %s", (_, scans, options, values, expected) => {
    expect(labels(classLabelling(scans, options), ...values)).toEqual(expected);
  });

  test.each<[string, MaskScan[], LabelOptions, RegExp]>([
    ["a class too many", [scan([0, 1, 3])], classes(3), /has class 3, expected 0 to 2; raise --classes to 4, or pass --ignore 3 if/],
    ["what may be void", [scan([0, 1, 255])], classes(2), /has class 255, expected 0 to 1; pass --ignore 255 if it marks pixels/],
    ["0 and 255 of three classes", [scan([0, 255])], classes(3), /^(?!.*--ignore).*pass --classes 2, which reads 0 and 255/],
    [
      "two numbers that may be void",
      [scan([0, 1, 254, 255])],
      classes(2),
      /has class 255, expected 0 to 1; pass --ignore 255,254 if 255 and 254 mark pixels that nobody could label$/,
    ],
    ["what may be void beside an ignored value", [scan([0, 1, 254, 255])], classes(2, 254), /; pass --ignore 254,255 if it marks pixels/],
    ["two classes too many", [scan([0, 1, 2, 3])], classes(2), /^(?!.*--ignore).*; raise --classes to 4$/],
    ["two numbers without a class", [scan([0, 254, 255])], classes(2), /^(?!.*--ignore).*; renumber the classes from 0$/],
    ["three numbers too many", [scan([0, 1, 253, 254, 255])], classes(2), /^(?!.*--ignore).*has class 255.*; renumber the classes from 0$/],
    [
      "255 that is all the foreground of a map",
      [scan([0, 255]), scan([0, 1])],
      classes(2),
      /^(?!.*--ignore).*renumber the classes from 0$/,
    ],
    ["class numbers beside 0 alone", [scan([0, 7])], classes(2), /^(?!.*--ignore).*has class 7/],
    ["JPEG files", [jpeg([0, 1])], classes(2), /is a JPEG, which does not keep class numbers exactly; save it as PNG/],
    [
      "colours",
      [scan([0, COLOUR + 9], { kind: "colour" })],
      classes(2),
      /is a colour picture; pass --colours FILE, which names the class of each colour, or save class numbers as a grey or palette PNG$/,
    ],
    ["transparent classes", [scan([0, 1], { hidden: [1] })], classes(2), /pixels of value 1 are transparent/],
  ])("refuses %s", (_, scans, options, message) => {
    expect(messageOf(classLabelling, scans, options)).toMatch(message);
  });

  test("says what is doubtful", () => {
    expect(classLabelling([scan([0, 255]), scan([255])], classes(2)).doubts).toEqual([
      "the values 0 and 255 in the maps of class numbers are read as classes 0 and 1",
    ]);
    expect(classLabelling([scan([0, 1], { white: 1 })], classes(2)).doubts).toEqual([]);
    expect(classLabelling([scan([0, 1], { kind: "index", black: [1] })], classes(2)).doubts).toEqual([
      "a.png shows class 1 in black; the index of the palette counts",
    ]);
    expect(classLabelling([scan([0, 255])], classes(2, 255)).doubts).toEqual(["with 255 ignored, all other pixels have the value 0"]);
  });
});

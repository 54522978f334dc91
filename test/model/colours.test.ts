import { expect, test } from "vitest";
import { COLOURS, DIMMED } from "../../src/cli/report/panels.js";
import { CLASS_COLOURS, classColour } from "../../src/model/colours.js";
import { difference, labOf, VISIONS } from "../helpers/colourVision.js";

test("the helper's CIEDE2000 agrees with published pairs", () => {
  expect(difference([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4);
  expect(difference([50, 2.5, 0], [73, 25, -18])).toBeCloseTo(27.1492, 4);
  expect(difference([22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619])).toBeCloseTo(2.0373, 4);
  expect(difference([50, 0, 0], [50, -1, 2])).toBeCloseTo(2.3669, 4);
});

test("classes repeat their colours after the last", () => {
  expect([1, 2, 7, 8].map(classColour)).toEqual([0, 1, 6, 0].map((i) => CLASS_COLOURS[i]));
});

test.each(Object.keys(VISIONS))(
  "with %s, colours of classes and of errors are told apart from each other and from the dimmed picture",
  (vision) => {
    const { missed, falseAlarm, confused } = COLOURS;
    const drawn = [...CLASS_COLOURS, missed, falseAlarm, confused];
    const greys = Array.from({ length: 9 }, (_, i) => new Array(3).fill((i / 8) * DIMMED * 255) as number[]);
    for (const [i, one] of drawn.entries()) {
      for (const other of [...drawn.slice(i + 1), ...greys]) {
        const apart = difference(labOf(one, VISIONS[vision]), labOf(other, VISIONS[vision]));
        expect(apart, `${one} and ${other}`).toBeGreaterThan(10);
      }
    }
  },
);

import { describe, expect, test } from "vitest";
import { exampleRows } from "../../../src/cli/report/examples.js";
import { MOST_PICKED } from "../../../src/cli/report/pick.js";
import { run, training } from "../helpers/runs.js";
import { noise, noisePicture } from "../helpers/samples.js";

const made = run([training("bce"), training("d<ce")]);
const examples = Array.from({ length: MOST_PICKED }, (_, i) => ({ ...made.examples[0], sample: noise(8, 8, i + 1) }));
const validation = (count: number) => ({ ...made.data, validation: Array.from({ length: count }, (_, i) => noisePicture(8, 8, i + 1)) });

describe("exampleRows", () => {
  test("of few pictures says that all are shown, and has panels that say what they enlarge", () => {
    const rows = exampleRows({ ...made, data: validation(MOST_PICKED), examples });
    expect(rows).toContain("All validation pictures, the worst first, by the IoU of bce.");
    expect(rows).not.toContain("For comparison");
    expect(rows.match(/class="row"/g)).toHaveLength(MOST_PICKED);
    expect(rows).toContain('aria-label="enlarge prediction by d&lt;ce of noise 3"');
  });

  test("of many pictures sets the median and the best apart", () => {
    const rows = exampleRows({ ...made, data: validation(40), examples });
    expect(rows).toContain("Of 40 validation pictures, the 6 that bce got most wrong");
    const [worst, compared] = rows.split("For comparison: the median picture, and the best.");
    expect([worst, compared].map((part) => part.match(/class="row"/g)?.length)).toEqual([6, 2]);
  });
});

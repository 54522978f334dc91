import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { asTrained } from "../../../src/cli/eval/asTrained.js";
import type { EvalOptions } from "../../../src/cli/eval/options.js";
import { WrongCall } from "../../../src/cli/exits.js";
import type { Model } from "../../../src/model/model.js";
import { temporaryFolder } from "../helpers/files.js";

const colours = join(temporaryFolder(), "colours.txt");
writeFileSync(colours, "0 0 0 sky\n255 0 0 car\n0 0 255 road\n");
const read = (options: Partial<EvalOptions>, model: Partial<Model> = {}) =>
  asTrained({ model: "m", data: "d", ...options }, { classes: null, normalisation: "picture", ...model });

describe("asTrained", () => {
  test.each<[Partial<EvalOptions>, Partial<Model>, number[], string[]]>([
    [{}, {}, [], []],
    [{}, { ignore: null }, [], []],
    [{}, { ignore: 0 }, [0], ["pixels of value 0 are ignored, as in the training of the model"]],
    [{}, { ignore: [254, 255] }, [254, 255], ["pixels of values 254 and 255 are ignored, as in the training of the model"]],
    [{ ignore: [7] }, {}, [7], []],
    [{ ignore: [7] }, { ignore: null }, [7], ["the model was trained without --ignore"]],
    [{ ignore: [255] }, { ignore: 255 }, [255], []],
    [{ ignore: [255, 254] }, { ignore: [254, 255] }, [255, 254], []],
  ])("%j of a model with %j", (options, model, ignore, notes) => {
    expect(read(options, model)).toMatchObject({ reading: { ignore }, notes });
  });

  test.each<[Partial<EvalOptions>, Partial<Model>, string]>([
    [{ ignore: [1] }, { ignore: 255 }, "--ignore 1 contradicts the model, which was trained with --ignore 255; leave --ignore out"],
    [{ ignore: [255] }, { ignore: [254, 255] }, "--ignore 255 contradicts the model, which was trained with --ignore 254,255; leave"],
    [{ ignore: [254, 255] }, { ignore: 255 }, "--ignore 254,255 contradicts the model, which was trained with --ignore 255"],
    [
      { threshold: 9 },
      { threshold: 8 },
      "--threshold 9 contradicts the model, which was trained with --threshold 8; leave --threshold out",
    ],
    [{ colours }, {}, `${colours} of --colours names 3 classes, but the model tells foreground from background; leave out --colours`],
    [{ colours }, { classes: 4 }, "names 3 classes, but the model tells 4 classes apart; pass the file that it was trained with"],
    [{ threshold: 9 }, { classes: 3 }, "--threshold separates foreground from background"],
  ])("refuses %j of a model with %j", (options, model, message) => {
    expect(() => read(options, model)).toThrow(WrongCall);
    expect(() => read(options, model)).toThrow(message);
  });

  test("reads colours as classes, where the values that the training ignored mean nothing", () => {
    const { reading, notes } = read({ colours, maskSuffix: "_m" }, { classes: 3, ignore: 255 });
    expect(reading).toMatchObject({ classes: 3, ignore: [], maskSuffix: "_m", colours: { names: ["sky", "car", "road"] } });
    expect(notes).toEqual([]);
  });

  test("the threshold of the training stays at hand", () => {
    expect(read({}, { threshold: 8 }).reading.trainedThreshold).toBe(8);
    expect(read({ threshold: 8 }, { threshold: 8 })).toMatchObject({ reading: { threshold: 8 }, notes: [] });
    expect(read({ threshold: 8 }, { threshold: null }).notes).toEqual(["the model was trained without --threshold"]);
  });
});

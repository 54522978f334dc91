import { expect, test } from "vitest";
import { nn } from "../../src/index.js";
import { rememberModes } from "../../src/model/modes.js";

test("brings each module back to the mode that it was in", () => {
  const network = new nn.Sequential(new nn.Dropout(0.5), new nn.Sequential(new nn.Dropout(0.5)));
  const modes = () => [...network.modules()].map(({ training }) => training);
  network.layers[0].eval();
  const before = modes();
  const restore = rememberModes(network);
  network.eval();
  restore();
  expect(modes()).toEqual(before);
  expect(before).toEqual([true, false, true, true]);
});

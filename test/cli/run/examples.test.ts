import { expect, test } from "vitest";
import { examplesOf } from "../../../src/cli/run/examples.js";
import { memory, nn } from "../../../src/index.js";
import { predictLabels } from "../../../src/model/predictLabels.js";
import { binaryTask } from "../../../src/model/task.js";
import { run, training } from "../helpers/runs.js";
import { noisePicture } from "../helpers/samples.js";

test("examplesOf predicts what each state does, from the winner's worst picture to its best", async () => {
  const networks = [1, 2].map((seed) => new nn.UNet({ inChannels: 3, outChannels: 1, width: 8, seed }));
  const validation = [noisePicture(8, 8, 1), noisePicture(12, 8, 2)];
  const trainings = networks.map((network, i) => training(`loss ${i}`, { iou: i, imageIoUs: [0.5, 0.9 - i], state: network.stateDict() }));
  const { recipe, data, outcomes } = run(trainings);
  const before = memory();
  const examples = await examplesOf(recipe, { ...data, validation }, outcomes);
  expect(memory()).toEqual(before);
  expect(examples.map(({ sample, ious }) => [sample.name, ious])).toEqual([["noise 2", [0.9, 0.9 - 1]], ["noise 1", [0.5, 0.5]]]); // biome-ignore format: one line
  for (const { sample, predictions } of examples) {
    for (const [i, network] of networks.entries()) {
      expect(predictions[i]).toEqual((await predictLabels(network, sample, { task: binaryTask })).labels);
    }
  }
  for (const network of networks) network.dispose();
});

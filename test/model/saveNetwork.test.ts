import { describe, expect, test } from "vitest";
import { memory, nn, randn } from "../../src/index.js";
import { decodeSafetensors } from "../../src/model/decodeSafetensors.js";
import { loadNetwork } from "../../src/model/loadNetwork.js";
import type { ModelLike } from "../../src/model/model.js";
import { saveNetwork } from "../../src/model/saveNetwork.js";

const networks: [string, nn.UNet | nn.FastSCNN][] = [
  ["U-Net as it is", new nn.UNet({ width: 2, seed: 5 })],
  [
    "U-Net with every option",
    new nn.UNet({ outChannels: 4, width: 3, levels: 2, norm: "batch", upsample: "transposed", dropout: 0.125, seed: 1 }),
  ],
  ["U-Net of one level", new nn.UNet({ outChannels: 2, levels: 1, norm: "group", upsample: "bilinear" })],
  ["Fast-SCNN", new nn.FastSCNN({ outChannels: 3, width: 2, seed: 2 })],
];

describe("saveNetwork", () => {
  test.each(networks)("and loadNetwork keep a %s", (_, network) => {
    // running statistics as after some training
    for (const [name, { data }] of network.named()) if (name.endsWith("running_var")) data.fill(0.3);
    network.eval();
    const before = memory();
    const bytes = saveNetwork({ network });
    expect(memory()).toEqual(before);
    const loaded = loadNetwork(bytes);
    const built = loaded.network as nn.UNet;
    expect(built).toBeInstanceOf(network.constructor);
    expect(built.options).toEqual({ ...network.options, seed: 0 });
    expect(built.stateDict()).toEqual(network.stateDict());
    expect(loaded).toMatchObject({
      classes: network.options.outChannels === 1 ? null : network.options.outChannels,
      normalisation: "picture",
    });
    const input = randn([1, 3, 32, 32]);
    const [ours, theirs] = [built.forward(input), network.forward(input)];
    expect(ours.data).toEqual(theirs.data);
    expect(saveNetwork(loaded)).toEqual(bytes);
    for (const one of [built, input, ours, theirs]) one.dispose();
    expect(memory()).toEqual(before);
  });

  const network = new nn.UNet({ width: 1, levels: 1 });

  test.each<[string, Omit<ModelLike, "network">]>([
    ["nothing", {}],
    ["that there are none", { ignore: null, threshold: null, classes: null }],
    ["masks", { ignore: 0, threshold: 65535, loss: "0.5*bce+lovasz-hinge" }],
    ["several ignored values", { ignore: [255, 254, 0] }],
    ["a normalisation of numbers", { normalisation: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 1e-3 / 3] } }],
    ["no normalisation", { normalisation: "none", loss: "мой \ud83d\ude00 loss" }],
  ])("keeps what is known of the model: %s", (_, known) => {
    const { network: built, ...loaded } = loadNetwork(saveNetwork({ network, ...known }));
    expect(loaded).toEqual({ classes: null, normalisation: "picture", ignore: undefined, threshold: undefined, loss: undefined, ...known });
    built.dispose();
  });

  test("a single ignored value is a number, however it was given, and none is null", () => {
    const read = (ignore: ModelLike["ignore"]) => {
      const bytes = saveNetwork({ network, ignore });
      const { network: built, ...model } = loadNetwork(bytes);
      built.dispose();
      return [decodeSafetensors(bytes).metadata.ignore, model.ignore];
    };
    expect(read([7])).toEqual(["7", 7]);
    expect(read([7, 7])).toEqual(["7", 7]);
    expect(read([])).toEqual(["none", null]);
    expect(read([254, 255, 254])).toEqual(["254,255", [254, 255]]);
  });

  test.each<[unknown, string]>([
    [[255, -1], "model.ignore[1] is -1, expected a finite number from 0 to 65535"],
    [[255, 65536], "model.ignore[1] is 65536, expected a finite number from 0 to 65535"],
    [[1.5], "model.ignore[0] is 1.5, expected an integer from 0 to 65535"],
    [new Array(2), "model.ignore[0] is null, expected a finite number"],
    [["255"], 'model.ignore[0] is "255", expected a finite number'],
    [[[255]], "model.ignore[0] is"],
    [Uint8Array.of(255), "model.ignore is"],
    ["255", 'model.ignore is "255", expected a finite number'],
  ])("refuses to ignore %j", (ignore, message) => {
    expect(() => saveNetwork({ network, ignore: ignore as never })).toThrow(message);
  });

  test("says in the metadata what 0.1.0 did, by the same names", () => {
    const { metadata } = decodeSafetensors(saveNetwork({ network, ignore: null, threshold: 7, loss: "bce" }));
    expect(metadata).toEqual({
      ...{
        kind: "lovasz.UNet",
        inChannels: "3",
        outChannels: "1",
        width: "1",
        levels: "1",
        norm: "none",
        upsample: "nearest",
        dropout: "0",
      },
      ...{ classes: "none", ignore: "none", threshold: "7", normalisation: "picture", loss: "bce" },
    });
  });

  class Wider extends nn.UNet {}
  const replaced = new nn.UNet({ width: 2 });
  Object.assign(replaced, { head: new nn.Conv2d(2, 5, 1) });
  const diverged = new nn.UNet({ width: 1 });
  diverged.head.parameters()[0].data[0] = Number.NaN;
  const gone = new nn.UNet({ width: 1 });
  gone.dispose();
  test.each<[string, unknown, string, RegExp]>([
    ["a network in place of a model", network, "option", /^saveNetwork\(model\): model is a network; pass \{ network \}/],
    [
      "a network of one's own",
      { network: new nn.Conv2d(3, 1, 1) },
      "option",
      /model.network is of class Conv2d, expected nn.UNet or nn.FastSCNN; save encodeSafetensors\(network.stateDict\(\)\), and load it by network.loadStateDict\(decodeSafetensors\(bytes\).state\)/,
    ],
    ["a derived class", { network: new Wider({ width: 1 }) }, "option", /model.network is of class Wider, expected/],
    ["another number of classes", { network, classes: 3 }, "option", /model.classes is 3, but the network has 1 output channels/],
    ["a grey network", { network: new nn.UNet({ width: 1, inChannels: 1 }) }, "option", /reads 1 channels, expected 3/],
    [
      "a layer that was replaced",
      { network: replaced },
      "data",
      /model.network has other layers than a new lovasz.UNet of its options, so loadNetwork could not build it; save encodeSafetensors\(network.stateDict\(\)\)/,
    ],
    [
      "weights that are not finite",
      { network: diverged },
      "nan",
      /^saveNetwork\(model\): head.weight\[0\] is NaN, expected finite numbers/,
    ],
    ["a disposed network", { network: gone }, "disposed", /disposed/],
  ])("refuses %s", (_, model, code, message) => {
    const before = memory();
    expect(() => saveNetwork(model as ModelLike)).toThrow(
      expect.objectContaining({ name: "LovaszError", code, message: expect.stringMatching(message) }),
    );
    expect(memory()).toEqual(before);
  });
});

import { describe, expect, test } from "vitest";
import { memory, nn } from "../../src/index.js";
import { decodeSafetensors } from "../../src/model/decodeSafetensors.js";
import { encodeSafetensors } from "../../src/model/encodeSafetensors.js";
import { loadNetwork } from "../../src/model/loadNetwork.js";
import { saveNetwork } from "../../src/model/saveNetwork.js";
import { OLD_METADATA, oldFile } from "./helpers/oldFile.js";
import { fileOf, partsOf } from "./helpers/rawFile.js";

const network = new nn.UNet({ width: 2, seed: 5 });
const bytes = saveNetwork({ network, loss: "bce" });
const fast = saveNetwork({ network: new nn.FastSCNN({ width: 1 }) });

/** The file with other metadata or tensors, and a checksum that holds. */
function altered({
  metadata = {},
  tensors = {},
  of = bytes,
}: {
  metadata?: Record<string, string | undefined>;
  tensors?: nn.StateDict;
  of?: Uint8Array;
}): Uint8Array {
  const good = decodeSafetensors(of);
  const texts = Object.entries({ ...good.metadata, ...metadata }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return encodeSafetensors({ ...good.state, ...tensors }, Object.fromEntries(texts));
}

describe("loadNetwork", () => {
  test("gives a network that predicts", () => {
    const norms = new nn.UNet({ width: 1, levels: 1, norm: "batch" });
    expect(norms.training).toBe(true);
    const loaded = loadNetwork(saveNetwork({ network: norms })).network;
    expect([...loaded.modules()].map(({ training }) => training)).not.toContain(true);
    for (const one of [norms, loaded]) one.dispose();
  });

  test("reads files of 0.1.0, which say less", () => {
    for (const given of [{}, { classes: "none", ignore: "none", threshold: "128" }] as Record<string, string>[]) {
      const { network: built, ...model } = loadNetwork(oldFile(network.stateDict(), { ...OLD_METADATA, ...given }));
      const threshold = "threshold" in given ? 128 : undefined;
      const ignore = "ignore" in given ? null : undefined;
      expect(model).toEqual({ classes: null, normalisation: "picture", ignore, threshold, loss: "bce" });
      expect(built.stateDict()).toEqual(network.stateDict());
      expect((built as nn.UNet).options).toEqual({ ...network.options, seed: 0 });
      built.dispose();
    }
  });

  test("reads a file whose tensors were converted to float16", () => {
    const { state } = decodeSafetensors(bytes);
    // 1 and its half are numbers of both
    const halved = Object.fromEntries(
      Object.entries(state).map(([name, { shape, data }]) => [name, { shape, data: data.map((value) => (value > 0 ? 1 : 0.5)) }]),
    );
    const halves = ({ data }: { data: Float32Array }) =>
      Buffer.from(Uint16Array.from(data, (value) => (value === 1 ? 0x3c00 : 0x3800)).buffer);
    const tensors = Object.entries(halved).map(([name, one]) => ({ name, dtype: "F16", shape: one.shape, values: halves(one) }));
    const loaded = loadNetwork(fileOf(tensors, partsOf(bytes).header.__metadata__));
    expect(loaded.network.stateDict()).toEqual(halved);
    loaded.network.dispose();
  });

  test("says of a file that describes no network how to load it", () => {
    const before = memory();
    expect(() => loadNetwork(encodeSafetensors(network.stateDict(), { format: "pt" }))).toThrow(
      `loadNetwork(bytes): bytes holds tensors, but does not say of which network; build that in code and load them, for example:
const network = new nn.UNet({ norm: "batch" }).eval();
network.loadStateDict(decodeSafetensors(bytes).state);`,
    );
    expect(memory()).toEqual(before);
  });

  const head = (fill: number) => ({ "head.weight": { shape: [1, 2, 1, 1], data: Float32Array.of(0, fill) } });
  test.each<[string, Uint8Array, RegExp]>([
    ["another file", Buffer.from("\u0089PNG, something else"), /^loadNetwork\(bytes\): bytes is truncated or no safetensors file/],
    ["another kind", altered({ metadata: { kind: "other.Net" } }), /holds "other.Net", this version reads lovasz.UNet and lovasz.FastSCNN/],
    ["a kind of every object", altered({ metadata: { kind: "constructor" } }), /holds "constructor", this/],
    [
      "another normalisation",
      altered({ metadata: { normalisation: "imagenet" } }),
      /has normalisation "imagenet", expected picture, none or/,
    ],
    ["no normalisation", altered({ metadata: { normalisation: undefined } }), /has normalisation undefined/],
    ["a normalisation that is no JSON", altered({ metadata: { normalisation: "{mean" } }), /has normalisation "\{mean"/],
    ["a normalisation of two colours", altered({ metadata: { normalisation: '{"mean":[0,0],"std":[1,1]}' } }), /has normalisation/],
    ["another number of classes", altered({ metadata: { classes: "3" } }), /has classes: "3", but 1 channel;/],
    ["a value to ignore that is none", altered({ metadata: { ignore: "-1" } }), /has ignore "-1", expected none or 0 to 65535, or several/],
    ["one of several that is none", altered({ metadata: { ignore: "255,65536" } }), /has ignore "255,65536", expected none or 0 to 65535/],
    ["a value to ignore that is missing", altered({ metadata: { ignore: "255," } }), /has ignore "255,", expected none or 0 to 65535/],
    ["no value to ignore", altered({ metadata: { ignore: "" } }), /has ignore "", expected none or 0 to 65535/],
    ["none beside a value", altered({ metadata: { ignore: "none,255" } }), /has ignore "none,255", expected none or/],
    ["several thresholds", altered({ metadata: { threshold: "1,2" } }), /has threshold "1,2", expected none or 0 to 65535;/],
    ["a threshold out of range", altered({ metadata: { threshold: "65536" } }), /has threshold "65536", expected none or 0 to 65535/],
    ["no width", altered({ metadata: { width: undefined } }), /has width undefined, expected a number/],
    ["an empty width", altered({ metadata: { width: "" } }), /has width "", expected a number/],
    ["a width in another notation", altered({ metadata: { width: "1e9" } }), /has width "1e9", expected a number/],
    ["a negative width", altered({ metadata: { width: "-2" } }), /describes no network: .*width is -2, expected/],
    ["a width of no number", altered({ metadata: { width: "NaN" } }), /describes no network: .*width is NaN/],
    ["more width than values", altered({ metadata: { width: "256" } }), /has 1933 values, too few for a width of 256 and 3 levels/],
    ["more levels than values", altered({ metadata: { levels: "12" } }), /too few for a width of 2 and 12 levels/],
    ["endless levels", altered({ metadata: { levels: "Infinity" } }), /too few for a width of 2 and Infinity levels/],
    [
      "more width than values of a Fast-SCNN",
      altered({ of: fast, metadata: { width: "256" } }),
      /has \d+ values, too few for a width of 256;/,
    ],
    ["another norm", altered({ metadata: { norm: "layer" } }), /describes no network: .*norm is "layer"/],
    ["a dropout that is none", altered({ metadata: { dropout: "2" } }), /describes no network: .*dropout is 2/],
    ["another width", altered({ metadata: { width: "1" } }), /cannot be loaded: .*has shape \[2, 3, 3, 3\]/],
    ["another upsampling", altered({ metadata: { upsample: "transposed" } }), /cannot be loaded: .*lacks upsample2/],
    ["more channels", altered({ metadata: { inChannels: "4" } }), /reads 4 channels, expected 3/],
    ["more classes than numbers", altered({ metadata: { outChannels: "256" } }), /has outChannels "256", expected 1 to 255/],
    ["no number of classes", altered({ metadata: { outChannels: undefined } }), /has outChannels undefined, expected/],
    ["other channels", altered({ metadata: { outChannels: "3", classes: "3" } }), /cannot be loaded/],
    [
      "another network's values",
      altered({ tensors: { "side.weight": { shape: [1], data: Float32Array.of(1) } } }),
      /cannot be loaded: .* belongs to another network/,
    ],
    ["weights that are no numbers", altered({ tensors: head(Number.NaN) }), /cannot be loaded: .*head.weight\[1\] is NaN/],
    ["endless weights", altered({ tensors: head(Number.POSITIVE_INFINITY) }), /cannot be loaded: .*head.weight\[1\] is Infinity/],
  ])("refuses %s", (_, contents, message) => {
    const before = memory();
    expect(() => loadNetwork(contents)).toThrow(
      expect.objectContaining({ name: "LovaszError", code: "data", message: expect.stringMatching(message) }),
    );
    expect(memory()).toEqual(before);
  });
});

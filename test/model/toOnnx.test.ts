import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as ort from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { nn, ones } from "../../src/index.js";
import type { ModelLike } from "../../src/model/model.js";
import { toOnnx } from "../../src/model/toOnnx.js";
import {
  differenceOf,
  expectedOf,
  inputOf,
  modelOf,
  type Numbers,
  onnxCases,
  picturesOf,
  plainPicture,
  trained,
} from "./helpers/onnxCases.js";
import { axesOf, metadataOf, readOnnx } from "./helpers/readOnnx.js";

ort.env.wasm.numThreads = 1;

// of the largest logit
const TOLERANCE = 1e-4;

async function session<T>(bytes: Uint8Array, use: (run: (input: Numbers) => Promise<Numbers>) => Promise<T>): Promise<T> {
  const opened = await ort.InferenceSession.create(bytes);
  try {
    return await use(async ({ data, shape }) => {
      const { logits } = await opened.run({ picture: new ort.Tensor("float32", data, shape) });
      return { data: logits.data as Float32Array, shape: logits.dims };
    });
  } finally {
    await opened.release();
  }
}

function expectSame(came: Numbers, expected: Numbers): void {
  expect(came.shape).toEqual(expected.shape);
  expect(differenceOf(came, expected)).toBeLessThan(TOLERANCE);
}

describe("in onnxruntime-web the logits are those of the network:", () => {
  test.each(onnxCases.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    const model = modelOf(one);
    const pictures = picturesOf(one);
    const came = await session(toOnnx(model), (run) => run(inputOf(pictures)));
    expectSame(came, expectedOf(model, pictures));
    model.network.dispose();
  });

  test("one file reads batches and pictures of any size", async () => {
    const model = { network: trained(new nn.UNet({ width: 4, norm: "batch", outChannels: 3 })) };
    await session(toOnnx(model), async (run) => {
      for (const size of [
        [1, 8, 8],
        [3, 5, 17],
        [2, 1, 30],
        [1, 33, 2],
      ] as const) {
        const pictures = picturesOf({ name: "", build: () => model.network, size });
        expectSame(await run(inputOf(pictures)), expectedOf(model, pictures));
      }
    });
  });

  test("a picture of one colour is read as zeros", async () => {
    const model = { network: new nn.Sequential() };
    const { data } = await session(toOnnx(model), (run) => run(inputOf([plainPicture(40, 30)])));
    expect(data.every((value) => value === 0)).toBe(true);
  });

  test("a large picture has its mean and deviation, though float32 cannot sum its values", async () => {
    // of values that are all rounded in the same direction once the sum is large
    const picture = plainPicture(1500, 1000);
    picture.data.fill(251);
    picture.data.fill(241, 0, picture.data.length / 10);
    const model = { network: new nn.Sequential() };
    const came = await session(toOnnx(model), (run) => run(inputOf([picture])));
    // mean 250, deviation 3
    expect(came.data[0]).toBeCloseTo(-3, 4);
    expect(came.data.at(-1)).toBeCloseTo(1 / 3, 4);
  });
});

const python = ["python3", "/usr/bin/python3"].find((name) => spawnSync(name, ["-c", "import onnx, onnxruntime"]).status === 0);
if (!python) console.warn("skipped: ONNX files in onnx and onnxruntime, which python3 cannot import");

test.skipIf(!python)("onnx finds no fault, and onnxruntime computes the same logits", () => {
  const folder = mkdtempSync(join(tmpdir(), "lovasz-onnx-"));
  try {
    const all = onnxCases.map((one, i) => {
      const model = modelOf(one);
      const pictures = picturesOf(one);
      const { data, shape } = inputOf(pictures);
      writeFileSync(join(folder, `${i}.onnx`), toOnnx({ ...model, ignore: 255, loss: "dice" }));
      writeFileSync(join(folder, `${i}.picture`), data);
      const expected = expectedOf(model, pictures);
      model.network.dispose();
      return { shape, expected };
    });
    writeFileSync(join(folder, "shapes.json"), JSON.stringify(all.map(({ shape }) => shape)));
    const script = fileURLToPath(new URL("onnx/runtime.py", import.meta.url));
    const { stdout, stderr, status } = spawnSync(python ?? "", [script, folder], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const answers: { shape: number[]; metadata: Record<string, string>; description: string }[] = JSON.parse(stdout);
    for (const [i, { shape, metadata, description }] of answers.entries()) {
      const data = new Float32Array(new Uint8Array(readFileSync(join(folder, `${i}.logits`))).buffer);
      expectSame({ data, shape }, all[i].expected);
      const channels = all[i].expected.shape[1];
      expect(metadata).toEqual({ classes: channels === 1 ? "none" : String(channels), ignore: "255", loss: "dice" });
      expect(description).toContain("from 0 to 255");
    }
    expect(answers).toHaveLength(onnxCases.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("toOnnx", () => {
  const small = () => trained(new nn.UNet({ width: 2, levels: 2, norm: "batch", upsample: "transposed" }));
  const error = (network: nn.Module, more: Partial<ModelLike> = {}) => {
    try {
      toOnnx({ network, ...more });
    } catch (caught) {
      return caught;
    }
  };

  test("names parameters as stateDict() does, in opset 17", () => {
    const network = small();
    const { graph, opsetImport, irVersion } = readOnnx(toOnnx({ network }));
    const state = network.stateDict();
    const stored = new Map(graph.initializer.map(({ name, rawData }) => [name, rawData]));
    for (const [name, { data }] of Object.entries(state)) {
      expect(new Float32Array(Uint8Array.from(stored.get(name) ?? []).buffer), name).toEqual(data);
    }
    expect([...stored.keys()].filter((name) => !(name in state) && !name.startsWith("constant_"))).toEqual([]);
    expect(Number(opsetImport[0].version)).toBe(17);
    expect(Number(irVersion)).toBe(8);
    expect(graph.node.map(({ name }) => name)).toContain("down1.layers.0/Conv");
    expect(new Set(graph.node.map(({ name }) => name)).size).toBe(graph.node.length);
  });

  test("stores a layer that is used twice once", () => {
    const shared = new nn.Conv2d(3, 3, 1);
    const { graph } = readOnnx(toOnnx({ network: new nn.Sequential(shared, new nn.ReLU(), shared) }));
    expect(graph.initializer.filter(({ name }) => name.endsWith("weight")).map(({ name }) => name)).toEqual(["layers.0.weight"]);
  });

  test("leaves batch, height and width free, and says what goes in and out", () => {
    const { graph, docString } = readOnnx(toOnnx({ network: new nn.FastSCNN({ width: 2, outChannels: 3 }) }));
    expect(graph.input.map(({ name }) => name)).toEqual(["picture"]);
    expect(graph.output.map(({ name }) => name)).toEqual(["logits"]);
    expect(axesOf(graph.input[0])).toEqual(["batch", "3", "height", "width"]);
    expect(axesOf(graph.output[0])).toEqual(["batch", "3", "height", "width"]);
    expect(docString).toBe(
      "picture, float32 [batch, 3, height, width], holds red, green and blue from 0 to 255; logits, float32 [batch, 3, height, width], are largest for the class of the pixel.",
    );
  });

  test("names the axes of the logits otherwise where the network changes some sizes", () => {
    const network = new nn.Sequential(new nn.Conv2d(3, 4, 3, { stride: 2, padding: 1 }), new nn.Upsample({ scale: 2 }));
    const { graph } = readOnnx(toOnnx({ network }));
    expect(axesOf(graph.output[0])).toEqual(["batch", "4", "logits_height", "logits_width"]);
  });

  test("keeps what is known of the model in the metadata", () => {
    const network = small();
    expect(metadataOf(readOnnx(toOnnx({ network })))).toEqual({ classes: "none" });
    const model = { network, classes: null, ignore: 7, threshold: null, loss: "bce+lovasz-hinge" };
    const whole = metadataOf(readOnnx(toOnnx(model)));
    expect(whole).toEqual({ classes: "none", ignore: "7", threshold: "none", loss: "bce+lovasz-hinge" });
    expect(metadataOf(readOnnx(toOnnx({ ...model, ignore: [255, 254] })))).toEqual({ ...whole, ignore: "255,254" });
    expect(metadataOf(readOnnx(toOnnx({ network: new nn.Conv2d(3, 5, 1) })))).toEqual({ classes: "5" });
  });

  test("gives equal bytes for equal models, in training or not, and changes nothing", () => {
    const network = small();
    const before = network.stateDict();
    const bytes = toOnnx({ network });
    expect(network.training).toBe(true);
    expect(network.stateDict()).toEqual(before);
    expect(toOnnx({ network: network.eval() })).toEqual(bytes);
    expect(toOnnx({ network: small(), normalisation: "picture" })).toEqual(bytes);
    network.head.parameters()[0].data[0] += 1;
    expect(toOnnx({ network })).not.toEqual(bytes);
  });

  test("refuses a module of another class, and names it and what can be exported", () => {
    class Scale extends nn.Module {
      forward = (input: Parameters<nn.Module["forward"]>[0]) => input;
    }
    class Doubled extends nn.Sequential {
      override forward = (input: Parameters<nn.Module["forward"]>[0]) => super.forward(super.forward(input));
    }
    class Small extends nn.UNet {
      constructor() {
        super({ width: 2 });
      }
    }
    expect(error(new nn.Sequential(new nn.ReLU(), new Scale()))).toMatchObject({
      code: "option",
      message: expect.stringMatching(
        /^toOnnx\(model\): model\.network\.layers\.1 is a Scale, which cannot be exported; build the network of nn\.UNet, .*nn\.Conv2d/,
      ),
    });
    expect(error(new Scale())).toMatchObject({ code: "option", message: expect.stringContaining("model.network is a Scale") });
    expect(error(new Doubled())).toMatchObject({ code: "option", message: expect.stringContaining("is a Doubled") });
    expect(error(new nn.Sequential(new nn.Linear(3, 3)))).toMatchObject({ code: "option", message: expect.stringContaining("a Linear") });
    expect(error(new (class extends nn.Module { forward = (input: never) => input; })())).toMatchObject({ code: "option" }); // biome-ignore format: one line
    // one that computes nothing else is taken
    expect(toOnnx({ network: new Small() }).length).toBeGreaterThan(1000);
  });

  test("refuses weights that are not finite, and freed ones", () => {
    const network = small();
    const [, bias] = network.head.parameters();
    bias.data[0] = Number.NaN;
    expect(error(network)).toMatchObject({ code: "nan", message: expect.stringContaining("head.bias[0] is NaN") });
    bias.data[0] = Number.NEGATIVE_INFINITY;
    expect(error(network)).toMatchObject({ code: "nan", message: expect.stringContaining("head.bias[0] is -Infinity") });
    network.dispose();
    expect(error(network)).toMatchObject({ code: "disposed" });
  });

  test("refuses channels and sizes that do not fit", () => {
    const [wide, own] = [new nn.Conv2d(4, 2, 1), new nn.Conv2d(3, 2, 1)];
    const refused = (message: string, network: nn.Module, more: Partial<ModelLike> = {}) =>
      expect(error(network, more)).toMatchObject({ code: "shape", message: expect.stringContaining(message) });
    refused("model.network.layers.1 reads 4 channels, but gets 2", new nn.Sequential(own, wide));
    refused("model.network reads 4 channels, but gets 3", new nn.BatchNorm2d(4));
    refused("model.network reads 4 channels, but gets 3", new nn.GroupNorm(2, 4));
    refused("model.network reads 4 channels, but gets 3", new nn.ConvTranspose2d(4, 2, 1));
    refused("model.network has 2 output channels, but model.classes is 3", own, { classes: 3 });
    refused("model.network makes logits of 62 x 62 pixels of a picture of 64 x 64", new nn.Conv2d(3, 1, 3));
  });

  test("refuses what is no model", () => {
    expect(error(small(), { classes: 3 })).toMatchObject({ code: "option" });
    expect(() => toOnnx(small() as never)).toThrow(/model is a network; pass \{ network \}/);
    expect(error(ones([1]) as never)).toMatchObject({ code: "option" });
  });
});

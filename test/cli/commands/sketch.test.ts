import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readValues } from "../../../src/cli/sketch/arrays.js";
import { lovaszSoftmax, nn, valueAndGrad } from "../../../src/index.js";
import { saveNetwork } from "../../../src/model/saveNetwork.js";
import { normals } from "../../helpers/random.js";
import { call, callWithInput } from "../helpers/call.js";
import { png, temporaryFolder, writeBands, writeDiscs } from "../helpers/files.js";
import { npy } from "../helpers/npy.js";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const CLASSES = 3;
const SHAPE = [2, CLASSES, 5];

// three parts of two pictures each
const chunks = [0, 1, 2].map((i) => {
  const logits = normals(30, i + 1).map((x) => 3 * x);
  const labels = Uint8Array.from(normals(10, i + 10), (x) => (x > 1 ? 255 : x > 0.3 ? 2 : x > -0.3 ? 1 : 0));
  writeFileSync(at(`v${i}.npy`), npy(logits, "<f4", SHAPE));
  writeFileSync(at(`l${i}.npy`), npy(labels, "|u1", [2, 5]));
  return { logits, labels };
});
const whole = {
  logits: Float32Array.from(chunks.flatMap(({ logits }) => [...logits])),
  labels: chunks.flatMap(({ labels }) => [...labels]),
};
const options = { shape: [6, CLASSES, 5], ignore: 255, method: "histogram", perImage: false } as const;
const expected = valueAndGrad(lovaszSoftmax)(whole.logits, whole.labels, options);

const arrays = (i: number) => ["--values", at(`v${i}.npy`), "--labels", at(`l${i}.npy`), "--ignore", "255"];
const done = async (outcome: ReturnType<typeof call>) => {
  const { code, out, err } = await outcome;
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return out;
};
const refused = async (message: RegExp, ...args: string[]) => {
  const { code, out, err } = await call("sketch", ...args);
  expect(err).toMatch(message);
  expect({ code: code > 0, out }).toEqual({ code: true, out: "" });
  return code;
};

describe("lovasz sketch", () => {
  test("counts, merges, weighs and applies files of logits as if they were one", async () => {
    for (const i of [0, 1, 2]) await done(call("sketch", "count", "--kind", "softmax", ...arrays(i), "--out", at(`${i}.part`)));
    await done(call("sketch", "merge", at("2.part"), at("0.part"), at("1.part"), "--out", at("all.part")));
    const { loss, ...rest } = JSON.parse(await done(call("sketch", "weigh", at("all.part"), "--json")));
    expect(Math.fround(loss)).toBe(expected.value);
    expect(rest).toEqual({ kind: "softmax", bound: 2 ** -16, pixels: whole.labels.filter((label) => label !== 255).length, parts: 3 });
    for (const i of [0, 1, 2]) {
      await done(call("sketch", "apply", "--part", at("all.part"), ...arrays(i), "--out", at("gradient.npy")));
      const gradient = await readValues(at("gradient.npy"), undefined);
      expect(gradient).toEqual({ data: expected.grad.slice(30 * i, 30 * (i + 1)), shape: SHAPE });
    }
  });

  test("writes the same bytes again, in whatever order and through whatever pipe", async () => {
    const lines = [0, 1, 2].map((i) => `${at(`v${i}.npy`)}\t${at(`l${i}.npy`)}`);
    const counting = ["sketch", "count", "--kind", "softmax", "--ignore", "255"];
    const parts = [
      await done(callWithInput(`${lines[2]}\n\n${lines[0]}\n`, ...counting)),
      await done(callWithInput(`${lines[1]}\n`, ...counting)),
    ];
    const merged = await done(callWithInput(parts.join(""), "sketch", "merge"));
    expect(merged).toBe(readFileSync(at("all.part"), "utf8"));
    expect(await done(callWithInput(merged, "sketch", "weigh"))).toBe(
      await done(call("sketch", "weigh", at("0.part"), at("1.part"), at("2.part"))),
    );
    const before = readFileSync(at("1.part"));
    await done(call("sketch", "count", "--kind", "softmax", ...arrays(1), "--out", at("1.part")));
    expect(readFileSync(at("1.part"))).toEqual(before);
    // an empty partition
    expect(await done(callWithInput("", ...counting))).toBe("");
    expect(await done(callWithInput("", "sketch", "merge"))).toBe("");
  });

  test("weighs the classes that it is told", async () => {
    const loss = async (...args: string[]) =>
      Math.fround(JSON.parse(await done(call("sketch", "weigh", at("all.part"), "--json", ...args))).loss);
    const of = (classes: "all" | number[]) => valueAndGrad(lovaszSoftmax)(whole.logits, whole.labels, { ...options, classes }).value;
    expect(await loss("--classes", "all")).toBe(of("all"));
    expect(await loss("--classes", "2,0")).toBe(of([2, 0]));
  });

  test("reads raw numbers, and names parts as it is told", async () => {
    writeFileSync(at("v.f32"), new Uint8Array(chunks[0].logits.buffer));
    writeFileSync(at("l.u8"), chunks[0].labels);
    const raw = ["--values", at("v.f32"), "--labels", at("l.u8"), "--shape", SHAPE.join(), "--ignore", "255", "--name", "first"];
    const part = JSON.parse(await done(call("sketch", "count", "--kind", "softmax", ...raw)));
    const { summary, confusion } = JSON.parse(readFileSync(at("0.part"), "utf8"));
    expect(part).toMatchObject({ names: ["first"], summary, confusion });
  });

  test("tells what is missing, what is twice, and what is wrong, and writes nothing", async () => {
    expect(await refused(/^lovasz: there are 2 parts, but --expect says 3; count the others; there are .*v0\.npy, .*v1\.npy$/m, "merge", at("0.part"), at("1.part"), "--expect", "3", "--out", at("none"))).toBe(1); // biome-ignore format: one line
    expect(await refused(/^lovasz: part ".*v0\.npy" is in .*all\.part and in .*0\.part; merge each part once/, "merge", at("all.part"), at("0.part"), "--out", at("none"))).toBe(1); // biome-ignore format: one line
    expect(existsSync(at("none"))).toBe(false);
    writeFileSync(at("damaged.part"), readFileSync(at("0.part"), "utf8").replace("255", "254").replace('"names":["', '"names":["x'));
    await refused(/damaged\.part is damaged: its checksum does not agree; count it or send it again$/m, "weigh", at("damaged.part"));
    await refused(/v0\.npy is no part; expected a line that lovasz sketch count or merge wrote/, "weigh", at("v0.npy"));
    await refused(/nothing\.part does not exist; pass files that lovasz sketch count or merge wrote/, "merge", at("nothing.part"));
    expect(await refused(/standard input has no part/, "weigh")).toBe(1);
    expect(await refused(/--kind is missing; pass hinge, sigmoid or softmax/, "count", ...arrays(0))).toBe(2);
    for (const [message, ...args] of [
      [/--values and --labels go together/, "--kind", "hinge", "--values", "a"],
      [/--model and --data go together/, "--model", "a"],
      [/are two ways; leave out one of them/, ...arrays(0), "--model", "a"],
      [/--part is for --model and --data; leave it out/, "--kind", "softmax", ...arrays(0), "--part", "1/2"],
      [/--shape is for --values; leave it out/, "--model", "a", "--data", "b", "--shape", "1"],
      [/--name names one part, but each line of standard input is a part/, "--kind", "hinge", "--name", "a"],
      [/--part.*Pass two whole numbers such as 3\/64/, "--part", "3/2"],
      [/--ignore is 255,254, but labels in files have one value/, "--kind", "softmax", ...arrays(0), "--ignore", "254"],
      [/l0\.npy has 10 labels, but the values have 30 pixels/, "--kind", "hinge", ...arrays(0)],
    ] as [RegExp, ...string[]][]) {
      await refused(message, "count", ...args);
    }
    const { code, err } = await callWithInput("only-one\n", "sketch", "count", "--kind", "hinge");
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringMatching(/line 1 of standard input is "only-one"; expected the file of logits, a tab/),
    });
  });
});

describe("lovasz sketch count --model and lovasz eval --parts", () => {
  test.each([
    ["hinge", 1, writeDiscs(at("discs"), { count: 5 })],
    ["softmax", 3, writeBands(at("bands"), { count: 5 })],
  ])("score a folder in parts as eval does at once: %s", async (kind, outChannels, data) => {
    const network = new nn.UNet({ inChannels: 3, outChannels, width: 2, seed: 1 });
    const model = at(`${kind}.safetensors`);
    writeFileSync(model, saveNetwork({ network, ignore: null, threshold: null }));
    network.dispose();
    const of = ["--model", model, "--data", data, "--threads", "1"];
    const files = [1, 2, 3].map((i) => at(`${kind}-${i}.part`));
    for (const [i, file] of files.entries()) await done(call("sketch", "count", ...of, "--part", `${i + 1}/3`, "--out", file));
    const { iou, dice, classes, confusion } = JSON.parse(await done(call("eval", ...of, "--json")));
    const scored = JSON.parse(await done(call("eval", "--json", "--expect", "3", "--parts", ...files)));
    expect(scored).toMatchObject({ kind, iou, dice, classes, confusion, parts: 3 });
    // all pictures in one part
    const one = await done(call("sketch", "count", ...of));
    const { loss, bound, pixels } = JSON.parse(await done(callWithInput(one, "sketch", "weigh", "--json")));
    expect(scored).toMatchObject({ loss, bound, pixels });
    expect(JSON.parse(one).names).toEqual([kind === "hinge" ? "discs" : "bands"]);
    expect(JSON.parse(readFileSync(files[2], "utf8")).names).toEqual([`${kind === "hinge" ? "discs" : "bands"} 3/3`]);
    const told = await done(call("eval", "--parts", ...files));
    expect(told).toMatch(
      new RegExp(`^3 parts of ${pixels} pixels:\\n${kind} loss [\\d.]+, within [\\d.e-]+ of the exact one, IoU [\\d.]+ %, Dice`),
    );
    expect(told.includes("│ class │")).toBe(kind === "softmax");
    // more shares than pictures
    const empty = JSON.parse(await done(call("sketch", "count", ...of, "--part", "6/6")));
    expect(empty.confusion.flat().every((count: number) => count === 0)).toBe(true);
    const wrong = kind === "hinge" ? "softmax" : "hinge";
    await refused(new RegExp(`--kind ${wrong} does not fit the model, which tells`), "count", ...of, "--kind", wrong);
  });

  test("counts without the pixels that the training ignored, and says so", async () => {
    const data = writeDiscs(at("void"), { count: 1 });
    writeFileSync(
      join(data, "masks", "disc-0.png"),
      png(24, 24, 1, (pixel) => [0, 1, 255][pixel % 3]),
    );
    const network = new nn.UNet({ inChannels: 3, outChannels: 1, width: 2, seed: 1 });
    const model = at("void.safetensors");
    writeFileSync(model, saveNetwork({ network, ignore: 255, threshold: null }));
    network.dispose();
    const { code, out, err } = await call("sketch", "count", "--model", model, "--data", data, "--threads", "1");
    expect({ code, err }).toEqual({ code: 0, err: "pixels of value 255 are ignored, as in the training of the model\n" });
    expect(
      JSON.parse(out)
        .confusion.flat()
        .reduce((sum: number, count: number) => sum + count, 0),
    ).toBe((24 * 24 * 2) / 3);
  });

  test("eval takes parts, or a model and data", async () => {
    const wrong = async (message: RegExp, ...args: string[]) => {
      const { code, err } = await call("eval", ...args);
      expect(err).toMatch(message);
      expect(code).toBe(2);
    };
    await wrong(/--parts takes --model from where the parts were counted; leave it out/, "--parts", "a", "--model", "b");
    await wrong(/--parts takes --cutoff-curve from/, "--cutoff-curve", "--parts", "a");
    await wrong(/--expect counts the files of --parts; leave it out/, "--model", "a", "--data", "b", "--expect", "3");
    await wrong(/required option '--model <file>' not specified/, "--data", "b");
  });
});

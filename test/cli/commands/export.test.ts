import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { nn } from "../../../src/index.js";
import { saveNetwork } from "../../../src/model/saveNetwork.js";
import { toOnnx } from "../../../src/model/toOnnx.js";
import { metadataOf, readOnnx } from "../../model/helpers/readOnnx.js";
import { call } from "../helpers/call.js";
import { temporaryFolder } from "../helpers/files.js";

const root = temporaryFolder();
const model = join(root, "model.safetensors");
const onnx = join(root, "model.onnx");
const exported = (...args: string[]) => call("export", "--model", model, ...args);

function save(outChannels: number): nn.UNet {
  const network = new nn.UNet({ inChannels: 3, outChannels, width: 2, seed: 1 });
  writeFileSync(model, saveNetwork({ network, loss: "dice", ignore: 255, threshold: null }));
  return network;
}

describe("lovasz export", () => {
  beforeAll(() => save(1));

  test("writes what toOnnx gives, and says what it is", async () => {
    const network = save(1);
    expect(await exported("--onnx", onnx)).toEqual({
      code: 0,
      out: `${onnx}: from picture [batch, 3, height, width], values 0 to 255, to logits [batch, 1, height, width], above 0 in the foreground\n`,
      err: "",
    });
    const model = { network, classes: null, loss: "dice", ignore: 255, threshold: null };
    expect(Buffer.compare(readFileSync(onnx), toOnnx(model))).toBe(0);
  });

  test("writes several classes, over an older file", async () => {
    save(3);
    writeFileSync(onnx, "older");
    const { code, out } = await exported("--onnx", onnx);
    expect(code).toBe(0);
    expect(out).toMatch(/to logits \[batch, 3, height, width\], of 3 classes\n$/);
    expect(metadataOf(readOnnx(readFileSync(onnx)))).toEqual({ classes: "3", ignore: "255", threshold: "none", loss: "dice" });
  });

  test("does not overwrite the model, whatever its path looks like", async () => {
    const before = readFileSync(model);
    const [link, hard] = [join(root, "link"), join(root, "hard")];
    symlinkSync(model, link);
    linkSync(model, hard);
    for (const path of [model, join(root, "..", relative(join(root, ".."), model)), link, hard]) {
      expect(await exported("--onnx", path)).toEqual({
        code: 2,
        out: "",
        err: "lovasz: --onnx names the model file itself; choose another name, such as model.onnx\n",
      });
    }
    expect(readFileSync(model).equals(before)).toBe(true);
  });

  test("fails in one line, and writes nothing", async () => {
    const files = readdirSync(root);
    const missing = join(root, "none", "model.onnx");
    expect(await exported("--onnx", missing)).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^[^\n]*its folder does not exist[^\n]*\n$/) }); // biome-ignore format: one line
    expect((await call("export", "--model", join(root, "none"), "--onnx", onnx)).err).toMatch(/none does not exist/);
    expect((await call("export", "--model", onnx, "--onnx", join(root, "other.onnx"))).code).toBe(1);
    expect((await exported()).code).toBe(2);
    expect((await exported("--onnx", "")).code).toBe(2);
    mkdirSync(join(root, "folder"));
    expect(await exported("--onnx", join(root, "folder"))).toMatchObject({ code: 1, err: expect.stringMatching(/it is a folder/) });
    expect(readdirSync(root).filter((name) => name !== "folder")).toEqual(files);
    expect(existsSync(join(root, "other.onnx"))).toBe(false);
  });
});

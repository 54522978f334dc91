import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { modelFile } from "../../../src/cli/model/savedModel.js";
import { binaryTask, multiclassTask } from "../../../src/cli/model/task.js";
import { nn } from "../../../src/index.js";
import { call } from "../helpers/call.js";
import { png, temporaryFolder, writeDiscs } from "../helpers/files.js";

const root = temporaryFolder();
const data = writeDiscs(join(root, "data"), { count: 3 });
const model = join(root, "model.safetensors");
const evaluate = (...args: string[]) => call("eval", "--model", model, "--data", data, ...args);

function save(outChannels: number, loss: string): void {
  const network = new nn.UNet({ inChannels: 3, outChannels, width: 2, seed: 1 });
  const task = outChannels === 1 ? binaryTask : multiclassTask(outChannels);
  writeFileSync(model, modelFile(network.stateDict(), { loss, width: 2, task }));
  network.dispose();
}

describe("lovasz eval", () => {
  beforeAll(() => save(1, "dice"));

  test("says for people what it scored, and how well", async () => {
    const { code, out, err } = await evaluate();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(`${model}, trained with dice, on 3 pictures of ${data}:\n${out.split("\n")[1]}\n`);
    expect(out.split("\n")[1]).toMatch(/^IoU \d+\.\d %, mean image IoU \d+\.\d %, Dice \d+\.\d %$/);
  });

  test("prints with --json the three numbers and nothing else", async () => {
    const { code, out, err } = await evaluate("--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^\{"iou":[\d.]+,"meanImageIoU":[\d.]+,"dice":[\d.]+\}\n$/);
    expect(Object.keys(JSON.parse(out))).toEqual(["iou", "meanImageIoU", "dice"]);
  });

  test("leaves out what --ignore names", async () => {
    const other = writeDiscs(join(root, "other"), { count: 3 });
    // all that is not foreground is void: every foreground pixel that is found counts, false alarms do not
    const every = JSON.parse((await call("eval", "--model", model, "--data", other, "--json", "--ignore", "0")).out);
    const some = JSON.parse((await call("eval", "--model", model, "--data", other, "--json")).out);
    expect(every.iou).toBeGreaterThan(some.iou);
  });

  test("lets no model file speak to the terminal, whatever it says of itself", async () => {
    save(1, "dice\u001b[2J\nIoU 100.0 %");
    const { code, out } = await evaluate();
    expect(code).toBe(0);
    expect(out.split("\n")).toHaveLength(3);
    expect(out.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    save(1, "dice");
  });

  test("fails in one line", async () => {
    const fails = async (line: RegExp, ...args: string[]) => {
      const { code, out, err } = await call("eval", ...args);
      expect(err).toMatch(/^[^\n]+\n$/);
      expect(err).toMatch(line);
      expect({ code, out }).toEqual({ code: 1, out: "" });
    };
    const empty = join(root, "empty");
    mkdirSync(empty);
    await fails(/none does not exist; pass a file that lovasz train wrote/, "--model", join(root, "none"), "--data", data);
    await fails(/is a folder; pass a file/, "--model", root, "--data", data);
    await fails(/images does not exist/, "--model", model, "--data", empty);
    await fails(/no safetensors file/, "--model", join(data, "images", "disc-0.png"), "--data", data);
    save(3, "ce");
    await fails(/classes does not exist; it holds a map of class numbers/, "--model", model, "--data", data);
    const spoilt = writeDiscs(join(root, "spoilt"), { count: 2 });
    save(1, "dice");
    rmSync(join(spoilt, "masks", "disc-0.png"));
    writeFileSync(join(spoilt, "masks", "disc-0.png"), png(24, 24, 1, () => 255).subarray(0, 60)); // biome-ignore format: one line
    await fails(/masks\/disc-0.png is truncated/, "--model", model, "--data", spoilt, "--json");
  });
});

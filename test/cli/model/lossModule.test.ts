import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WrongCall } from "../../../src/cli/exits.js";
import { loadLoss } from "../../../src/cli/model/lossModule.js";
import { temporaryFolder } from "../helpers/files.js";

const root = temporaryFolder();
function file(name: string, code: string): string {
  writeFileSync(join(root, name), code);
  return join(root, name);
}

describe("loadLoss", () => {
  test.each([
    ["the default export", "export default () => 1; export const loss = () => 2, other = () => 3;"],
    ["loss", "export const other = () => 3, loss = () => 1;"],
    ["the only function", "export const name = 'x', other = () => 1;"],
  ])("takes %s", async (name, code) => {
    const { loss, name: exported } = await loadLoss(file(`${name}.mjs`, code));
    expect((loss as unknown as () => number)()).toBe(1);
    expect(exported).toBe({ "the default export": "default", loss: "loss", "the only function": "other" }[name]);
  });

  test("refuses a file that is not there, and one without a loss", async () => {
    await expect(loadLoss(join(root, "none.mjs"))).rejects.toThrow(WrongCall);
    await expect(loadLoss(file("empty.mjs", "export {};"))).rejects.toThrow(/exports nothing; export the loss as default, or as "loss"/);
  });

  test.each([
    ["with nothing else under way", ""],
    ["beside a timer", "setInterval(() => {}, 1000).unref();"],
  ])("waits only so long for a module that does not load, %s", async (name, code) => {
    const path = file(`${name}.mjs`, `${code} await new Promise(() => {}); export default () => 1;`);
    await expect(loadLoss(path, 0.2)).rejects.toMatchObject({
      code: "data",
      message: `${path} cannot be loaded: it did not load within 0.2 s; look for a top-level await that never settles`,
    });
  });

  test("waits for a module that takes its time", async () => {
    const path = file("slow.mjs", "await new Promise((resolve) => setTimeout(resolve, 100)); export default () => 1;");
    expect((await loadLoss(path, 30)).loss).toBeTypeOf("function");
  });
});

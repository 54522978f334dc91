import { expect, test } from "vitest";
import { Progress } from "../../../src/cli/run/progress.js";

async function written(isTTY: boolean, quiet: boolean): Promise<string> {
  const parts: string[] = [];
  const stream = { isTTY, columns: 120, write: (text: string) => parts.push(text) } as unknown as NodeJS.WriteStream;
  const progress = await Progress.open(stream, 4, quiet);
  progress.step("bce", { loss: 0.5, epoch: 1 }, 2);
  progress.validated(0.25);
  progress.note("stopping");
  progress.step("bce", { loss: 0.25, epoch: 2 }, 2);
  progress.close();
  progress.close();
  return parts.join("");
}

test("a terminal sees loss, epoch, share, time left and validation IoU, and gets its cursor back", async () => {
  const text = await written(true, false);
  expect(text).toMatch(/bce {2}epoch 2\/2 .* 50% .* left {2}loss 0.2500 {2}val IoU 0.250/);
  expect(text).toContain("\nstopping\n");
  expect(text.lastIndexOf("\u001b[?25h")).toBeGreaterThan(text.lastIndexOf("\u001b[?25l"));
});

test.each([
  [false, false],
  [false, true],
  [true, true],
])("nobody else sees anything (terminal %s, quiet %s)", async (isTTY, quiet) => {
  // biome-ignore format: one line
  expect(await written(isTTY, quiet)).toBe("");
});

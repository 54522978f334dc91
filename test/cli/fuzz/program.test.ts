import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { openProgram } from "../../../src/cli/fuzz/program.js";
import { checkLoss } from "../../../src/fuzz/index.js";

const PROGRAM = fileURLToPath(new URL("hinge.mjs", import.meta.url));

// opens the program with this fault for the time of `use`
async function using<T>(
  fault: string,
  use: (program: Awaited<ReturnType<typeof openProgram>>) => Promise<T>,
  settings: { timeout?: number; patience?: number } = {},
): Promise<T> {
  const program = await openProgram({ command: [process.execPath, PROGRAM, fault], timeout: 30, ...settings });
  try {
    return await use(program);
  } finally {
    program.close();
  }
}

const [pair, three] = [2, 3].map((n) => [
  Float32Array.of(0.5, -1, 2).slice(0, n),
  Int32Array.of(1, 0, 1).slice(0, n),
  { shape: [1, 1, n] },
]);
type Given = [Float32Array, Int32Array, { shape: number[] }];

describe("openProgram", () => {
  test("gives what the first line says, and the loss that the program computes", async () => {
    await using("", async ({ head, loss }) => {
      expect(head).toEqual({ honours: ["ignore", "perImage"], input: "logits" });
      expect(await loss(...(pair as Given))).toEqual({ value: 0.5, grad: [-1, 0] });
    });
  });

  test("takes a line for the shell, and many calls at once", async () => {
    const { loss, close } = await openProgram({ command: `"${process.execPath}" "${PROGRAM}"`, timeout: 30 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => loss(Float32Array.of(i), Int32Array.of(0), { shape: [1, 1, 1] })),
    );
    close();
    expect(answers.map(({ value }) => value)).toEqual(Array.from({ length: 50 }, (_, i) => 1 + i));
  });

  test("a right loss keeps all laws, several of which are checked at once", async () => {
    const { laws } = await using("", ({ loss }) => checkLoss(loss, { kind: "hinge", runs: 30, seed: 1, atOnce: 8 }));
    expect(laws.filter(({ ok }) => !ok)).toEqual([]);
    expect(laws.length).toBe(14);
  });

  test.each([
    ["crashes", process.platform === "win32" ? /^the program ended with exit code 1$/ : /^the program ended with signal SIGKILL$/],
    ["ends", /^the program ended with exit code 7$/],
    ["hangs", /^the program did not answer this call within 0.5 s$/],
  ])("a program that %s is told of with the call that it was at, and started again for the others", async (fault, message) => {
    await using(
      fault,
      async ({ loss }) => {
        const calls = [pair, three, pair, pair].map((given) => loss(...(given as Given)));
        const answers = await Promise.allSettled(calls);
        expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
        expect((answers[1] as PromiseRejectedResult).reason.message).toMatch(message);
      },
      { timeout: 0.5 },
    );
  });

  test("is not started for ever", async () => {
    await using("ends", async ({ loss }) => {
      const answers = await Promise.allSettled(Array.from({ length: 32 }, () => loss(...(three as Given))));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["rejected"]));
      const { reason } = answers[31] as PromiseRejectedResult;
      expect(reason.message).toBe("the program ended 30 times, and is not started again; the last time it ended with exit code 7");
    });
  });

  test.each([
    ["no start", /ended with exit code 3 before its first line; docs\/protocol.md says/],
    ["silent", /sent no first line within 0.5 s; docs/],
    ["no head", /wrote "hello" at first, expected a line like \{"lovasz":1,/],
    ["other version", /speaks version 2 of the protocol, and this command speaks 1/],
    ["other field", /has "honors" in its first line, expected honours, input, needs, classes, precision; leave it out/],
  ])("refuses a program with another first line: %s", async (fault, message) => {
    await expect(using(fault, async () => null, { patience: fault === "silent" ? 0.5 : 30 })).rejects.toMatchObject({
      code: "data",
      message: expect.stringMatching(message),
    });
  });

  test("refuses a program that does not exist", async () => {
    await expect(openProgram({ command: ["no-such-program"], timeout: 1 })).rejects.toMatchObject({
      code: "data",
      message: expect.stringMatching(/cannot be started: .*ENOENT/),
    });
  });

  test.each([
    ["throws", "the loss threw TypeError: no"],
    ["NaN", "value is NaN, expected a finite number"],
    ["bare NaN", "value is NaN, expected a finite number"],
  ])("an answer that is none breaks one law, told once: %s", async (fault, message) => {
    const { laws, causes } = await using(fault, ({ loss }) => checkLoss(loss, { kind: "hinge", runs: 5, seed: 1 }));
    expect(laws).toMatchObject([{ law: "answersNumbers", ok: false, message }]);
    expect(causes).toEqual([{ summary: "the loss cannot be called", laws: ["answersNumbers"] }]);
  });

  test.each([
    ["prints", /wrote "a number: 0", expected an answer like .*; print to standard error instead/],
    ["other number", /answered the number 1, which no open call has; copy "id" of the call into its answer/],
  ])("refuses lines that are no answers: %s", async (fault, message) => {
    const { laws } = await using(fault, ({ loss }) => checkLoss(loss, { kind: "hinge", runs: 5, seed: 1 }));
    expect(laws[0].message).toMatch(message);
  });
});

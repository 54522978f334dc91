// What `bench -- where` asks of an engine, asked of this one; and what the pages say of its table.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as lovasz from "../../src/index.js";
import { WORKER } from "../helpers/worker.js";

interface Answer {
  losses: unknown;
  training: unknown;
  threads: unknown;
}
const program = "../../bench/where/conformance.mjs";
const { conformance }: { conformance: (all: unknown) => Promise<Answer> } = await import(program);
// beside the sources there is no script of the workers
const setThreads = (n: number) => lovasz.setThreads(n, { worker: WORKER });
const ask = (others: object = {}) => conformance({ ...lovasz, setThreads, ...others });

test("this engine does all of it right", async () => {
  expect(await ask()).toMatchObject({ losses: true, training: expect.any(Array), threads: true, shared: true });
});

test("what an engine does wrong is told", async () => {
  const wrong = (loss: typeof lovasz.lovaszHinge) => (input: Float32Array, labels: number[], options: object) => {
    const { value, grad } = lovasz.valueAndGrad(loss)(input, labels, options);
    return { value, grad: grad.map((entry) => 1.001 * entry) };
  };
  const told = expect.stringMatching(/^lovaszHinge differs from float64 by 1\.0e-3$/);
  expect(await ask({ valueAndGrad: wrong })).toMatchObject({ losses: told, threads: told });
  class Idle extends lovasz.optim.Adam {
    override step() {}
  }
  expect((await ask({ optim: { Adam: Idle } })).training).toMatch(/^the loss of a U-Net goes from 1\.\d+ to 1\.\d+$/);
  expect((await ask({ setThreads: async () => {} })).threads).toBe("the second thread was lost");
});

test("README names every engine of docs/where.md, and no other", () => {
  const engines = [...readFileSync("docs/where.md", "utf8").matchAll(/^\| ([A-Z]\w+|workerd) (\d+)/gm)].map(([, name]) => name);
  const [, line] = /^Measured in (.*?)\.$/m.exec(readFileSync("README.md", "utf8")) ?? [];
  expect(new Set(line?.match(/Node|[A-Z]\w+|workerd/g))).toEqual(new Set(engines));
});

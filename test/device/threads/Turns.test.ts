// Pieces are taken once each, in order, and those of a worker that died once more.
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { Turns } from "../../../src/device/threads/Turns.js";

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const place = 64;

function turnsOf(count: number, ready = count): Turns {
  const turns = new Turns(memory, place, count);
  turns.begin(ready);
  return turns;
}

test("each piece is taken once, then none", () => {
  const turns = turnsOf(3);
  const other = new Turns(memory, place, 3);
  expect([turns.take(), other.take(), turns.take(), turns.take(), other.take()]).toEqual([0, 1, 2, -1, -1]);
});

test("what was taken and not done comes again, and nothing else", () => {
  const turns = turnsOf(4);
  for (let piece = turns.take(); piece >= 0; piece = turns.take()) if (piece % 2) turns.finish(piece);
  expect(turns.again()).toBe(true);
  expect([turns.take(), turns.take(), turns.take()]).toEqual([0, 2, -1]);
  turns.finish(0);
  turns.finish(2);
  expect(turns.again()).toBe(false);
});

test("a worker that waits for a piece is woken when it is ready", async () => {
  const turns = turnsOf(2, 0);
  // waits as `take` does; a script that is evaluated cannot import it
  const script = `const { workerData: { memory, place }, parentPort } = require("node:worker_threads");
    const cells = new Int32Array(memory.buffer, place, 4);
    parentPort.postMessage("waits");
    Atomics.wait(cells, 1, 0);
    parentPort.postMessage(Atomics.load(cells, 1));`;
  const worker = new Worker(script, { eval: true, workerData: { memory, place } });
  const heard: unknown[] = [];
  await new Promise<void>((resolve) => {
    worker.on("message", (message) => {
      heard.push(message);
      if (message === "waits") setTimeout(() => turns.open(1), 20);
      else resolve();
    });
  });
  await worker.terminate();
  expect(heard).toEqual(["waits", 1]);
  expect(turns.take()).toBe(0);
});

test("it takes no more than its bytes", () => {
  const cells = new Uint8Array(memory.buffer);
  cells.fill(0xaa);
  const turns = turnsOf(5);
  for (let piece = turns.take(); piece >= 0; piece = turns.take()) turns.finish(piece);
  const touched = [...cells.keys()].filter((at) => cells[at] !== 0xaa);
  expect(touched.every((at) => at >= place && at < place + Turns.bytes(5))).toBe(true);
  expect(touched.length).toBeGreaterThan(0);
});

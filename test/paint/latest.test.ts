import { expect, test } from "vitest";
import { Latest } from "../../src/paint/latest.js";

function setUp() {
  const log: string[] = [];
  const errors: unknown[] = [];
  const writes = new Latest((error) => errors.push(error));
  const write = (text: string) => async () => {
    log.push(`${text} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    log.push(`${text} ends`);
  };
  return { log, errors, writes, write };
}

test("one write is under way at a time, and of those that wait for one key the last is done", async () => {
  const { log, writes, write } = setUp();
  for (const text of ["a1", "a2", "b1", "a3"]) writes.put(text[0], write(text));
  expect(log).toEqual([]);
  await writes.settled();
  expect(log).toEqual(["a3 begins", "a3 ends", "b1 begins", "b1 ends"]);
});

test("what is put while its key is written is done after it", async () => {
  const { log, writes, write } = setUp();
  writes.put("a", async () => {
    writes.put("a", write("a2"));
    writes.put("a", write("a3"));
    await write("a1")();
  });
  await writes.settled();
  expect(log).toEqual(["a1 begins", "a1 ends", "a3 begins", "a3 ends"]);
  writes.put("a", write("a4"));
  await writes.settled();
  expect(log.slice(4)).toEqual(["a4 begins", "a4 ends"]);
});

test("a write that fails is told, and the next one is done", async () => {
  const { log, errors, writes, write } = setUp();
  writes.put("a", () => Promise.reject("full"));
  writes.put("b", write("b1"));
  await writes.settled();
  expect({ log, errors }).toEqual({ log: ["b1 begins", "b1 ends"], errors: ["full"] });
});

test("what waits can be forgotten", async () => {
  const { log, writes, write } = setUp();
  writes.put("a", async () => {
    writes.put("b", write("b1"));
    writes.forget();
  });
  await writes.settled();
  expect(log).toEqual([]);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NetworkCopy } from "../../src/paint/NetworkCopy.js";

type Bytes = Uint8Array<ArrayBuffer>;

let copied: Bytes[];
let asked: { resolve: (bytes: Bytes | null) => void; reject: (error: Error) => void }[];
let copy: NetworkCopy;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  copied = [];
  asked = [];
  copy = new NetworkCopy({
    save: () => new Promise((resolve, reject) => asked.push({ resolve, reject })),
    onCopied: (bytes) => copied.push(bytes),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("has what became of the classes after it was asked for, and nothing of before", async () => {
  copy.change({ count: 3 });
  copy.renew(true);
  await settled();
  copy.change({ count: 2, removed: 1 });
  asked[0].resolve(Uint8Array.of(1));
  await settled();
  expect([copy.bytes, copy.changes]).toEqual([Uint8Array.of(1), [{ count: 2, removed: 1 }]]);
  expect(copied).toEqual([Uint8Array.of(1)]);
});

test("is made one at a time: what is due waits, and the others are left out for five seconds", async () => {
  copy.renew(false);
  copy.renew(false);
  copy.renew(true);
  await settled();
  expect(asked).toHaveLength(1);
  asked[0].resolve(Uint8Array.of(1));
  await settled();
  expect(asked).toHaveLength(2);
  asked[1].resolve(Uint8Array.of(2));
  await settled();
  vi.advanceTimersByTime(4999);
  copy.renew(false);
  await settled();
  expect(asked).toHaveLength(2);
  vi.advanceTimersByTime(1);
  copy.renew(false);
  await settled();
  expect(asked).toHaveLength(3);
});

test("is not of a network that another took the place of, which is copied at once", async () => {
  copy.renew(true);
  await settled();
  copy.begin(Uint8Array.of(7));
  asked[0].resolve(Uint8Array.of(1));
  await settled();
  expect([copy.bytes, copy.changes, copied, copy.begun]).toEqual([Uint8Array.of(7), [], [], 1]);
  copy.renew(false);
  await settled();
  expect(asked).toHaveLength(2);
});

test("remains where none can be had", async () => {
  copy.begin(Uint8Array.of(7));
  copy.change({ count: 3 });
  for (const end of [() => asked[0].reject(new Error("nothing was learned")), () => asked[1].resolve(null)]) {
    copy.renew(true);
    await settled();
    end();
    await settled();
  }
  expect([copy.bytes, copy.changes, copied]).toEqual([Uint8Array.of(7), [{ count: 3 }], []]);
});

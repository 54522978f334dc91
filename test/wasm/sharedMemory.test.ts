import { afterEach, describe, expect, test, vi } from "vitest";
import { LovaszError } from "../../src/index.js";
import { SharedMemory } from "../../src/wasm/sharedMemory.js";

describe("SharedMemory", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("lends blocks that do not overlap, and those that come back again", () => {
    const shared = SharedMemory.open();
    const [a, b, c] = [100, 1000, 10].map((bytes) => shared.take(bytes));
    expect(a.start % 64).toBe(0);
    expect([a.end - a.start, b.start - a.end, c.start - b.end]).toEqual([128, 0, 0]);
    shared.give(b);
    expect(shared.take(2000).start).toBe(c.end);
    expect(shared.take(500).start).toBe(b.start);
    shared.give(a);
    expect(shared.take(64).start).toBe(a.start);
  });

  test("grows as it must", () => {
    const shared = SharedMemory.open();
    const block = shared.take(2 ** 20 + 1);
    expect(shared.memory.buffer.byteLength).toBeGreaterThanOrEqual(block.end);
    expect(shared.memory.buffer).toBeInstanceOf(SharedArrayBuffer);
    const { byteLength } = shared.memory.buffer;
    shared.give(block);
    shared.take(2 ** 20);
    expect(shared.memory.buffer.byteLength).toBe(byteLength);
  });

  test("is used again by the next owner, if it is not large", () => {
    const [first, second] = [SharedMemory.open(), SharedMemory.open()];
    expect(second.memory).not.toBe(first.memory);
    first.take(1000);
    first.close();
    const again = SharedMemory.open();
    expect(again.memory).toBe(first.memory);
    expect(again.take(64).start).toBe(second.take(64).start);
    again.take(2 ** 28);
    again.close();
    expect(SharedMemory.open().memory).not.toBe(first.memory);
  });

  test("says what it cannot have, and lends what it can", () => {
    const shared = SharedMemory.open();
    expect(() => shared.take(2 ** 32)).toThrowError(LovaszError);
    expect(() => shared.take(2 ** 32)).toThrowError(/bytes to share with the workers cannot be had; take a smaller batch/);
    expect(shared.take(64).end).toBeLessThan(2 ** 27);
  });
});

// Memory of the core: counting, alignment, sharing, scratch space, and what happens when there is none left.
import { describe, expect, test } from "vitest";
import { memory, tensor, zeros } from "../../src/index.js";
import { kernels } from "../../src/wasm/instance.js";
import { memorySize, Storage, scratch, settled, viewF32, viewI32, viewU8 } from "../../src/wasm/memory.js";
import { expectError } from "../helpers/errors.js";
import { lengths } from "../helpers/lengths.js";

describe("memory", () => {
  test.each(lengths)("counts a block of %i bytes from its making to its last release", (bytes) => {
    const before = memory();
    const storage = new Storage(bytes);
    expect(memory()).toEqual({ tensors: before.tensors + 1, bytes: before.bytes + bytes });
    expect(storage.shared).toBe(false);
    expect(storage.retain().shared).toBe(true);
    storage.release();
    expect(memory().tensors).toBe(before.tensors + 1);
    storage.release();
    expect(memory()).toEqual(before);
  });

  test("gives a copy of its counts", () => {
    memory().tensors = -1;
    expect(memory().tensors).toBeGreaterThanOrEqual(0);
  });

  test.each(lengths)("aligns %i bytes to 16 and pads them, so that whole vectors never meet a neighbour", (bytes) => {
    const blocks = Array.from({ length: 3 }, () => new Storage(bytes));
    const padded = 16 * Math.ceil(bytes / 16);
    blocks.forEach(({ pointer }, i) => {
      expect(pointer % 16).toBe(0);
      viewU8(pointer, padded).fill(i + 1);
    });
    blocks.forEach(({ pointer }, i) => {
      expect(viewU8(pointer, padded).every((byte) => byte === i + 1)).toBe(true);
    });
    for (const block of blocks) block.release();
  });

  test("uses the same blocks again for a step that repeats its sizes", () => {
    const step = () => {
      const blocks = [1e6, 3e5, 17, 4e6].map((bytes) => new Storage(bytes));
      for (const block of blocks) block.release();
    };
    step();
    const size = memorySize();
    for (let i = 0; i < 100; i++) step();
    expect(memorySize()).toBe(size);
  });

  test("refuses what it cannot hold, says so, and stays usable", () => {
    const message =
      /^cannot allocate 4000000000000 bytes; \d+ bytes are in use; dispose\(\) of tensors, use tidy\(\), or use a smaller batch$/;
    expectError(() => zeros([1e6, 1e6]), "memory", message);
    expectError(() => zeros([2 ** 53 - 1, 2 ** 53 - 1]), "memory", /cannot allocate/);
    const a = tensor([1, 2]);
    const b = a.add(1);
    expect(b.toArray()).toEqual([2, 3]);
    for (const made of [a, b]) made.dispose();
  });

  test("refuses when the heap is full, and stays usable", () => {
    const before = memory();
    const blocks: Storage[] = [];
    // memory is only reserved here: nothing touches its pages
    expect(() => {
      for (;;) blocks.push(new Storage(2 ** 29));
    }).toThrow(/cannot allocate 536870912 bytes; \d+ bytes are in use/);
    expect(blocks.length).toBeGreaterThan(3);
    // the last lie above 2 GiB, where pointers are negative to WebAssembly
    const high = blocks.at(-1) as Storage;
    expect(high.pointer).toBeGreaterThan(2 ** 31);
    kernels.fill_f32(3, high.pointer, 5);
    kernels.add_f32(high.pointer, high.pointer, high.pointer + 64, 5);
    expect([...viewF32(high.pointer + 64, 5)]).toEqual([6, 6, 6, 6, 6]);
    for (const block of blocks) block.release();
    expect(memory()).toEqual(before);
    const a = tensor([1, 2]);
    expect(a.toArray()).toEqual([1, 2]);
    a.dispose();
  });
});

describe("scratch", () => {
  test("gives blocks that do not overlap, of no bytes too, and takes them back", () => {
    const before = memory();
    const sum = scratch([8, 0, 40], (a, b, c) => {
      viewF32(a, 2).fill(1);
      viewF32(c, 10).fill(2);
      expect([...viewF32(a, 2)]).toEqual([1, 1]);
      expect(new Set([a, b, c]).size).toBe(3);
      return viewF32(c, 10).reduce((x, y) => x + y, 0);
    });
    expect(sum).toBe(20);
    expect(memory()).toEqual(before);
  });

  test("takes its blocks back when what used them throws, or one of them cannot be had", () => {
    const where: number[] = [];
    for (let i = 0; i < 3; i++) {
      const fail = () =>
        scratch([1e6], (pointer) => {
          where.push(pointer);
          throw new Error("on purpose");
        });
      expect(fail).toThrow("on purpose");
      expectError(() => scratch([1e6, 2 ** 31], () => 0), "memory", /cannot allocate 2147483648 bytes/);
    }
    expect(new Set(where).size).toBe(1);
  });
});

describe("views", () => {
  test("show the same bytes as float32, int32 and bytes", () => {
    scratch([16], (pointer) => {
      viewF32(pointer, 4).set([1, -2, 0, 0.5]);
      expect([...viewI32(pointer, 2)]).toEqual([0x3f800000, -0x40000000]);
      expect([...viewU8(pointer, 4)]).toEqual([0, 0, 0x80, 0x3f]);
    });
  });

  test("are copied by settled() where they show the core's memory, and only there", () => {
    const a = tensor([1, 2]);
    const own = new Float32Array([1, 2]);
    expect(settled(own)).toBe(own);
    const copy = settled(a.data);
    expect(copy.buffer).not.toBe(kernels.memory.buffer);
    expect([...copy]).toEqual([1, 2]);
    a.dispose();
  });
});

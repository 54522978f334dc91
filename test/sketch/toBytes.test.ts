import { createHash } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBytes, merge, sketch, toBytes } from "../../src/sketch/index.js";
import { expectError } from "../helpers/errors.js";
import { normals } from "../helpers/random.js";
import { summaries } from "../helpers/summaries.js";

const CLASSES = 21;

// logits as of a trained network: the right class stands out, and other classes hardly ever win
function trained(pixels: number, seed: number, { right = 8, noise = 2 } = {}) {
  const labels = Uint8Array.from(normals(pixels, seed), (x) => (x < 0.3 ? 0 : Math.floor(1e4 * x) % CLASSES));
  const logits = normals(CLASSES * pixels, seed + 1).map((x, i) => noise * x + (labels[i % pixels] === Math.floor(i / pixels) ? right : 0));
  return { logits, labels, shape: [1, CLASSES, pixels] };
}

test("is the same of merge(a, b) and merge(b, a), also of parts that were bytes", () => {
  fc.assert(
    fc.property(fc.tuple(summaries, fc.integer({ min: 0, max: 3 })), ([[a, b], which]) => {
      const [first, second] = [a, b].map((one, i) => (which & (1 << i) ? fromBytes(toBytes(one)) : one));
      expect(toBytes(merge(first, second))).toEqual(toBytes(merge(b, a)));
    }),
    { numRuns: 60 },
  );
});

test("takes at most 200 kB of 21 classes on trained logits, and 50 kB in 4,096 bins", () => {
  const { logits, labels, shape } = trained(2 ** 16, 1);
  const whole = sketch("softmax", logits, labels, { shape });
  expect(4 * whole.counts.length).toBe(11_010_048);
  expect(toBytes(whole).length).toBeLessThan(80_000);
  expect(toBytes(sketch("softmax", logits, labels, { shape, bins: 4096 })).length).toBeLessThan(23_000);
});

test("is little where there is little", () => {
  expect(toBytes(sketch("softmax", new Float32Array(0), [], { shape: [0, CLASSES] })).length).toBeLessThan(260);
  expect(toBytes(sketch("hinge", Float32Array.of(0.5, -2, 3), [1, 0, 1])).length).toBeLessThan(80);
});

test("has the layout that layout.ts describes", () => {
  // errors 0.5 and 3 of a range of 4, in 4 bins: bin 0 has a positive, bin 2 a negative
  const bytes = toBytes(sketch("hinge", Float32Array.of(0.5, 2, 7), [1, 0, 1], { bins: 4 }));
  const view = new DataView(bytes.buffer);
  expect(String.fromCharCode(...bytes.subarray(0, 4))).toBe("LVZS");
  expect([...bytes.subarray(4, 8)]).toEqual([1, 0, 2, 64 + 2]);
  expect([8, 12, 16].map((at) => view.getUint32(at, true))).toEqual([1, 2, 0]);
  expect([20, 28].map((at) => view.getFloat64(at, true))).toEqual([3, 2]);
  expect([...inflateRawSync(bytes.subarray(36, -32))]).toEqual([0x10, 0x20]);
  expect(Buffer.from(bytes.subarray(-32)).toString("hex")).toBe(createHash("sha256").update(bytes.subarray(0, -32)).digest("hex"));
});

test("refuses what is not a summary", () => {
  const one = sketch("hinge", Float32Array.of(0.5), [1], { bins: 4 });
  expectError(() => toBytes({ ...one, pixels: 0 }), "option", /toBytes\(summary\): a summary has pixels 0/);
  expectError(() => toBytes(null as never), "option", /toBytes\(summary\): a summary is null/);
});

// Two cores on one memory take turns on slabs of different pixels: neither disturbs the scratch or the tables of the other.
import { expect, test } from "vitest";
import { writeTask } from "../../src/losses/task.js";
import { coreBinary, coreOn, STATIC_BYTES, STATIC_START } from "../../src/wasm/core.js";
import { kernels as own } from "../../src/wasm/instance.js";
import { viewF32, viewI32 } from "../../src/wasm/memory.js";
import { SharedMemory } from "../../src/wasm/sharedMemory.js";
import { integers, normals } from "../helpers/random.js";

const [classes, pixels] = [5, 203];
const n = classes * pixels;

test("each core has scratch and tables of its own", () => {
  const shared = SharedMemory.open();
  const block = shared.take(10 * 64 * n);
  const { buffer } = shared.memory;
  // the last places there are, too
  const places = [0, 1, 255, -1, -31];
  const cores = places.map((place) => coreOn(coreBinary(true, place * STATIC_BYTES), shared.memory));
  const untouched = new Uint8Array(buffer, 0, STATIC_BYTES);
  for (const [seed, core] of [...cores, ...cores].entries()) {
    const [logits, labels] = [normals(n, seed), Int32Array.from(integers(pixels, classes, seed))];
    const start = block.start + seed * 64 * n;
    const ours = own.allocate(64 * n);
    new Float32Array(buffer, start, n).set(logits);
    new Int32Array(buffer, start + 4 * n, pixels).set(labels);
    viewF32(ours, 16 * n).fill(0);
    viewF32(ours, n).set(logits);
    viewI32(ours + 4 * n, pixels).set(labels);
    for (const [{ softmaxKeys_f32 }, at] of [[core, start] as const, [own, ours] as const]) {
      const task = at + 48 * n;
      writeTask(new DataView(at === ours ? own.memory.buffer : buffer), task, {
        ...{ values: at, labels: at + 4 * n, probabilities: at + 16 * n, keys: at + 8 * n, otherSums: at + 12 * n },
        ...{ argmax: at + 12 * n + 8 * pixels, classes, pixels, plane: 4 * pixels },
      });
      softmaxKeys_f32(task, at + 24 * n);
    }
    expect(new Int32Array(buffer, start, 6 * n).slice()).toEqual(viewI32(ours, 6 * n).slice());
    own.free(ours);
  }
  expect(untouched.every((byte) => byte === 0)).toBe(true);
  for (const place of places) {
    const area = new Uint8Array(buffer, STATIC_START + place * STATIC_BYTES, STATIC_BYTES);
    expect(area.some((byte) => byte !== 0)).toBe(true);
    // less is enough
    expect(area.subarray((15 / 16) * STATIC_BYTES).every((byte) => byte === 0)).toBe(true);
  }
  expect(new Uint8Array(buffer, STATIC_START + 2 * STATIC_BYTES, STATIC_BYTES).every((byte) => byte === 0)).toBe(true);
});

import { expect, test } from "vitest";
import { layout, writeStruct } from "../../src/wasm/struct.js";

const at = (value: number) => ({ value });

test("writeStruct(view, pointer, layout, values) writes every field at its offset, a default where there is no value", () => {
  const fields = layout({ count: at(0), shift: at(4) }, { scale: at(8), power: at(16) }, { power: 2.5 });
  const view = new DataView(new ArrayBuffer(40));
  const read = () => [view.getUint32(8, true), view.getInt32(12, true), view.getFloat64(16, true), view.getFloat64(24, true)];
  new Uint8Array(view.buffer).fill(77);
  writeStruct(view, 8, fields, { shift: -3, scale: 0.1 });
  expect(read()).toEqual([0, -3, 0.1, 2.5]);
  writeStruct(view, 8, fields, { count: 2 ** 32 - 1, power: 3 });
  expect(read()).toEqual([2 ** 32 - 1, 0, 0, 3]);
  const others = new Uint8Array(view.buffer).filter((_, i) => i < 8 || i >= 32);
  expect(others.every((byte) => byte === 77)).toBe(true);
});

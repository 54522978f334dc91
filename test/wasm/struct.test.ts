import { expect, test } from "vitest";
import { layout, writeStruct } from "../../src/wasm/struct.js";

const at = (value: number) => ({ value });

test("writeStruct(view, pointer, layout, values) writes the named fields at their offsets, and no others", () => {
  const fields = layout({ count: at(0), shift: at(4) }, { scale: at(8), power: at(16) });
  const view = new DataView(new ArrayBuffer(40));
  new Uint8Array(view.buffer).fill(77);
  writeStruct(view, 8, fields, { shift: -3, scale: 0.1 });
  expect(view.getInt32(12, true)).toBe(-3);
  expect(view.getFloat64(16, true)).toBe(0.1);
  const others = new Uint8Array(view.buffer).filter((_, i) => i < 12 || i >= 24);
  expect(others.every((byte) => byte === 77)).toBe(true);
  writeStruct(view, 8, fields, { count: 2 ** 32 - 1 });
  expect(view.getUint32(8, true)).toBe(2 ** 32 - 1);
  expect(view.getInt32(12, true)).toBe(-3);
});

import { expect, test } from "vitest";
import { History } from "../../src/paint/history.js";

const entry = (picture: string, pixels = 1) => ({
  picture,
  change: {
    at: new Uint32Array(pixels),
    before: new Uint8Array(pixels),
    after: new Uint8Array(pixels),
    box: { left: 0, upper: 0, width: 1, height: 1 },
  },
});

test("strokes are undone from the last one on, and drawn again in the other order", () => {
  const history = new History();
  const [a, b] = [entry("a"), entry("b")];
  history.add(a);
  history.add(b);
  expect([history.undo(), history.undo(), history.undo()]).toEqual([b, a, null]);
  expect([history.canUndo, history.canRedo]).toEqual([false, true]);
  expect([history.redo(), history.redo(), history.redo()]).toEqual([a, b, null]);
});

test("after a new stroke, what was undone is gone", () => {
  const history = new History();
  history.add(entry("a"));
  history.undo();
  history.add(entry("b"));
  expect(history.canRedo).toBe(false);
  expect(history.undo()?.picture).toBe("b");
  expect(history.undo()).toBeNull();
});

test("the strokes of a picture can be forgotten, and all", () => {
  const history = new History();
  for (const name of ["a", "b", "a"]) history.add(entry(name));
  history.undo();
  history.forget("a");
  expect(history.canRedo).toBe(false);
  expect(history.undo()?.picture).toBe("b");
  history.forget();
  expect([history.canUndo, history.canRedo]).toEqual([false, false]);
});

test("the oldest strokes are forgotten where all take too much memory, but never the last", () => {
  const history = new History();
  history.add(entry("old", 9_000_000));
  history.add(entry("new", 9_000_000));
  expect(history.undo()?.picture).toBe("new");
  expect(history.undo()).toBeNull();
  const other = new History();
  other.add(entry("large", 20_000_000));
  expect(other.canUndo).toBe(true);
});

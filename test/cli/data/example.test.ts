import { describe, expect, test } from "vitest";
import { readExample } from "../../../src/cli/data/example.js";
import { IGNORED } from "../../../src/model/ignored.js";

describe("readExample", async () => {
  const { training, validation } = await readExample();
  const place = (name: string) => name.split(/[ ,]/).slice(1).map(Number);

  const shareOf = (labels: Uint8Array) => {
    const known = labels.filter((label) => label !== IGNORED);
    return known.filter((label) => label === 1).length / known.length;
  };

  test("finds tiles of 64 x 64 where water is rare, its shores void", () => {
    expect(training.length).toBeGreaterThan(100);
    expect(validation.length).toBeGreaterThan(20);
    for (const { width, height, labels } of [...training, ...validation]) {
      expect([width, height]).toEqual([64, 64]);
      expect([...new Set(labels)].every((label) => [0, 1, IGNORED].includes(label))).toBe(true);
      expect(shareOf(labels)).toBeGreaterThanOrEqual(0.02);
      expect(shareOf(labels)).toBeLessThan(0.3);
    }
  });

  test("finds tiles with other shares of water, if asked", async () => {
    const rare = await readExample({ least: 0.005, below: 0.05 });
    expect(rare.training.length).toBeGreaterThan(20);
    expect(rare.validation.length).toBeGreaterThan(10);
    for (const { labels } of [...rare.training, ...rare.validation]) {
      expect(shareOf(labels)).toBeGreaterThanOrEqual(0.005);
      expect(shareOf(labels)).toBeLessThan(0.05);
    }
  });

  test("keeps the hemispheres apart, and validates no pixel twice", () => {
    for (const { name } of training) expect(place(name)[0]).toBeGreaterThanOrEqual(800 + 32);
    for (const { name } of validation) expect(place(name)[0] + 64).toBeLessThanOrEqual(800 - 32);
    expect(apartBy(validation)).toBeGreaterThanOrEqual(64);
  });

  test("trains on tiles that overlap by half, or as little as it is told", async () => {
    expect(apartBy(training)).toBe(32);
    const { training: apart, validation: same } = await readExample({ apart: 64 });
    expect(apartBy(apart)).toBe(64);
    expect(apart.length).toBeGreaterThan(40);
    expect(same.map(({ name }) => name)).toEqual(validation.map(({ name }) => name));
  });

  // how far the nearest two tiles are apart, in x or in y
  function apartBy(tiles: readonly { name: string }[]): number {
    const places = tiles.map(({ name }) => place(name));
    return Math.min(...places.flatMap(([x, y], i) => places.slice(i + 1).map(([u, v]) => Math.max(Math.abs(x - u), Math.abs(y - v)))));
  }
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eachTile, type Tile } from "../../src/ops/tiles.js";
import { scratch } from "../../src/wasm/memory.js";

function tilesOf(height: number, width: number, kernelHeight: number, kernelWidth: number, stride: number, limit: number): Tile[] {
  const [outHeight, outWidth] = [Math.floor((height - kernelHeight) / stride) + 1, Math.floor((width - kernelWidth) / stride) + 1];
  const tiles: Tile[] = [];
  scratch([4 * height * width], (pointer) => {
    const source = { pointer, batch: 1, channels: 1, height, width, top: 0, left: 0, stride };
    eachTile(source, { kernelHeight, kernelWidth, outHeight, outWidth }, limit, (tile) => tiles.push(tile));
  });
  return tiles;
}

describe("eachTile(source, windows, limit, each)", () => {
  test("comes to each pixel of the output once", () => {
    const extent = (most: number) => fc.integer({ min: 1, max: most });
    fc.assert(
      fc.property(extent(90), extent(900), extent(40), extent(9), extent(30), (rows, columns, kernelHeight, kernelWidth, stride) => {
        const [height, width] = [(rows - 1) * stride + kernelHeight, (columns - 1) * stride + kernelWidth];
        fc.pre(height * width < 1e6);
        const seen = new Uint8Array(rows * columns);
        for (const tile of tilesOf(height, width, kernelHeight, kernelWidth, stride, 0)) {
          for (let y = tile.row; y < tile.row + tile.rows; y++) {
            for (let x = tile.column; x < tile.column + tile.columns; x++) seen[y * columns + x] += 1;
          }
        }
        expect(seen.every((times) => times === 1)).toBe(true);
      }),
    );
  });

  test("takes whole rows where several fit, and parts of them where one does not", () => {
    const whole = tilesOf(500, 500, 3, 3, 1, 0);
    expect(whole.length).toBe(1); // as it is, without padding
    const rows = tilesOf(501, 501, 3, 3, 2, 0);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.every(({ columns }) => columns === 250)).toBe(true);
    const tall = tilesOf(1200, 600, 600, 1, 2, 0);
    expect(tall.every(({ columns }) => columns < 600)).toBe(true);
  });

  test("wants no more memory for a stride than for the pixels that windows read", () => {
    // as planes of every pixel of a stride: 40 GB
    expect(tilesOf(5, 100_000, 1, 1, 99_999, 0).length).toBe(1);
  });
});

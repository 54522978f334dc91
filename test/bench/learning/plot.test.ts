import { expect, test } from "vitest";
import { plot } from "../../../bench/learning/plot.mjs";

const seeds = (...ious: number[]) => ious.map((IoU) => ({ IoU }));

test("plot(sets) draws a panel for each set, with every seed and the mean of each loss", async () => {
  const sets = [
    { title: "water", chosen: "bce+lovasz-hinge", scores: { bce: seeds(0.8, 0.82, 0.81), "bce+lovasz-hinge": seeds(0.85, 0.86, 0.9) } },
    { title: "rims", chosen: "ce+lovasz-softmax", scores: { ce: seeds(0.5), "ce+lovasz-softmax": seeds(0.6) } },
  ];
  const svg = await plot(sets);
  expect(svg).toMatch(/^<svg [^>]*viewBox/);
  for (const word of ["water", "rims", "bce+lovasz-hinge", "IoU, %"]) expect(svg).toContain(`>${word}</text>`);
  // no background, and no black or white text: it stands on white and on dark pages
  expect(svg).not.toMatch(/fill="(white|black|#fff|#000)/);
  const points = [...svg.matchAll(/aria-roledescription="point"[^>]*aria-label="([^"]*)"|aria-label="([^"]*)"[^>]*aria-roledescription="point"/g)].map(([, a, b]) => a ?? b); // biome-ignore format: one line
  expect(points).toHaveLength(3 + 3 + 2 + 1 + 1 + 2);
  const shown = points.map((label) => Number(/IoU, %: ([\d.]+)/.exec(label)?.[1]).toFixed(1));
  expect(shown.slice(6, 8)).toEqual(["81.0", "87.0"]);
});

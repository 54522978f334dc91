// The bundle in a real browser: it loads without a step of building, and computes what it computes here.
import { expect, test } from "vitest";
import { lovaszHinge, valueAndGrad } from "../../src/index.js";
import { describeBrowser, ISOLATED, openPage, STRICT } from "../helpers/browser.js";
import { normals } from "../helpers/random.js";

const logits = normals(1000, 7);
const labels = Array.from(normals(1000, 8), (value) => Number(value > 0.5));
const { value, grad } = valueAndGrad(lovaszHinge)(logits, labels);

const script = `import("/dist/index.js").then(({ lovaszHinge, valueAndGrad }) => {
  const { value, grad } = valueAndGrad(lovaszHinge)(new Float32Array([${logits}]), [${labels}]);
  return { value, grad: [...grad] };
})`;

describeBrowser("dist/index.js in a browser", () => {
  test.each([
    ["a plain page", {}],
    ["a cross-origin isolated page", ISOLATED],
    ["a page under a strict Content-Security-Policy", STRICT],
  ])("computes in %s what it computes in Node, to the last bit", async (_, headers) => {
    const page = await openPage(headers);
    expect(await page.evaluate(script)).toEqual({ value, grad: [...grad] });
    expect(await page.evaluate("crossOriginIsolated")).toBe(headers === ISOLATED);
    await page.close();
  });

  test("loads nothing of the GPU device before that is asked for", async () => {
    const page = await openPage();
    const script = `import("/dist/index.js").then(() => performance.getEntriesByType("resource").map(({ name }) => name))`;
    const loaded = await page.evaluate<string[]>(script);
    expect(loaded.length).toBeGreaterThan(0);
    expect(loaded.filter((name) => name.includes("gpu"))).toEqual([]);
    await page.close();
  });
});

// Training in a page: the same bits as here, and the page stays responsive.
import { expect, test } from "vitest";
import * as lovasz from "../../src/index.js";
import * as model from "../../src/model/index.js";
import { describeBrowser, openPage } from "../helpers/browser.js";

// the page has the text of this function, so it names nothing from outside
async function train({ lovaszHinge, nn }: typeof lovasz, { fit, IGNORED }: typeof model) {
  const width = 24;
  const data = Uint8ClampedArray.from({ length: 4 * width * width }, (_, i) => (37 * i) % 251);
  const picture = typeof ImageData === "function" ? new ImageData(data, width, width) : { data, width, height: width };
  const labels = Uint8Array.from({ length: width * width }, (_, i) => (data[4 * i] > 120 ? 1 : 0));
  const network = new nn.UNet({ width: 2, seed: 1 });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 0);
  const { steps } = await fit(network, [{ picture, labels }], {
    loss: (logits, truth) => lovaszHinge(logits, truth, { ignore: IGNORED }),
    augment: "full",
    epochs: 30,
  });
  clearInterval(timer);
  return { steps, ran: ticks > 0, bias: Array.from(network.parameters()[1].data) };
}

describeBrowser("lovasz/model in a browser", () => {
  test("trains to the same bits as in Node, and lets the page run meanwhile", async () => {
    const here = await train(lovasz, model);
    const page = await openPage();
    const there = await page.evaluate(
      `Promise.all([import("/dist/index.js"), import("/dist/model.js")]).then((all) => (${train})(...all))`,
    );
    await page.close();
    expect(there).toEqual(here);
    expect(here).toMatchObject({ steps: 30, ran: true });
  });
});

// The learner as the worker of a page: decodes pictures, learns and predicts as it does here.
import { encode } from "fast-png";
import { expect, test } from "vitest";
import { predict } from "../../../src/model/predict.js";
import { saveNetwork } from "../../../src/model/saveNetwork.js";
import { UNet } from "../../../src/nn/UNet.js";
import type { Reply } from "../../../src/paint/messages.js";
import { describeBrowser, ISOLATED, inPage, openPage, STRICT } from "../../helpers/browser.js";
import { dabs, discs, noise } from "./helpers/pictures.js";

/** Text of an expression: starts the worker, tells it `messages`, and resolves to all its replies once one has the type `last`. */
function told(messages: readonly object[], last: Reply["type"]): string {
  // bytes travel as text, and a picture's file as such bytes
  const text = JSON.stringify(messages, (_, value) => (value instanceof Uint8Array ? { bytes: [...value] } : value));
  return `new Promise((resolve, reject) => {
    const worker = new Worker("/dist/paint/learner.js", { type: "module" });
    const replies = [];
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => {
      replies.push({ ...data, labels: data.labels && Array.from(data.labels) });
      if (data.type !== ${JSON.stringify(last)}) return;
      worker.terminate();
      resolve(replies);
    };
    const messages = JSON.parse(${JSON.stringify(text)}, (key, value) => {
      const bytes = value?.bytes instanceof Array ? Uint8Array.from(value.bytes) : value;
      return key === "file" ? new Blob([bytes]) : bytes;
    });
    for (const message of messages) worker.postMessage(message);
  })`;
}

async function replies(messages: readonly object[], last: Reply["type"], headers: Record<string, string> = ISOLATED): Promise<Reply[]> {
  const page = await openPage(headers);
  const all = await inPage<Reply[]>(page, told(messages, last));
  await page.close();
  return all;
}

const box = { left: 0, upper: 0, width: 64, height: 64 };
const { picture, truth } = discs(64);
const painted = [
  { type: "open", picture: "a", file: encode(picture) },
  { type: "look", picture: "a", box },
  { type: "paint", picture: "a", box, labels: dabs(truth, 64, { count: 4 }) },
];

describeBrowser("the worker", () => {
  test("shows an overlay of what it learned, isolated and under a strict policy, and without", async () => {
    for (const headers of [{ ...ISOLATED, ...STRICT }, {}]) {
      const all = await replies(painted, "overlay", headers);
      expect(all[0].type).toBe("ready");
      expect(all.at(-1)).toMatchObject({ type: "overlay", picture: "a", rival: "lovasz", box });
    }
  });

  test("reads a picture as it is, in several tiles, and predicts what Node predicts", async () => {
    const wide = noise(2100, 20);
    const network = new UNet({ width: 2, levels: 2, seed: 3 });
    const model = { network, normalisation: "none" as const };
    const messages = [
      { type: "open", picture: "a", file: encode(wide) },
      { type: "load", bytes: saveNetwork(model), ask: 1 },
      { type: "predict", picture: "a", ask: 2 },
    ];
    const all = await replies(messages, "predicted");
    const { labels } = await predict(model, wide);
    expect(new Set(labels).size).toBe(2);
    expect(all.at(-1)).toMatchObject({ ask: 2, labels: [...labels] });
    network.dispose();
  });

  test("says that a file is no picture", async () => {
    const [, broken] = await replies([{ type: "open", picture: "a", file: Uint8Array.of(1, 2, 3) }], "broken").then((all) =>
      all.filter(({ type }) => type !== "progress"),
    );
    expect(broken).toMatchObject({ picture: "a", why: expect.stringContaining("cannot read the file as a picture") });
  });
});

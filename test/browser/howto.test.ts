// The pages of examples/, beside the built package, as docs/howto/ has them.
import { readFileSync } from "node:fs";
import { encode } from "fast-png";
import { expect, test } from "vitest";
import { nn } from "../../src/index.js";
import { loadNetwork, predict, saveNetwork } from "../../src/model/index.js";
import { describeBrowser, openSite } from "../helpers/browser.js";

const root = new URL("../../", import.meta.url);
const open = (name: string) => openSite({ "/lovasz/": new URL("dist/", root), "/": new URL(`examples/${name}/`, root) }, "index.html");

const shows = (text: string) => `document.getElementById("status").value === ${JSON.stringify(text)}`;

describeBrowser("the page that trains in a worker", () => {
  test("trains, and gives a model that predicts", async () => {
    const { page, close } = await open("worker");
    await page.click("#start");
    expect(await page.isDisabled("#start")).toBe(true);
    await page.waitForFunction(shows("trained"));
    expect(await page.getAttribute("#progress", "value")).toBe("1");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save a")]);
    const model = loadNetwork(readFileSync(await download.path()));
    // a disc of the same colours, at another place
    const [width, height] = [64, 56];
    const isIn = (i: number) => Number(Math.hypot((i % width) - 30, Math.floor(i / width) - 25) < 12);
    const colours = [
      [64, 80, 96],
      [192, 160, 96],
    ];
    const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => colours[isIn(Math.floor(i / 3))][i % 3]);
    const { labels } = await predict(model, { data, width, height });
    const wrong = labels.filter((label, i) => label !== isIn(i)).length;
    expect(wrong).toBeLessThan(0.02 * labels.length);
    await close();
  });

  test("stops when asked, and gives what it has reached", async () => {
    const { page, close } = await open("worker");
    await page.click("#start");
    await page.waitForFunction('document.getElementById("progress").value > 0');
    await page.click("#stop");
    await page.waitForFunction(shows("stopped"));
    expect(Number(await page.getAttribute("#progress", "value"))).toBeLessThan(1);
    expect(await page.isVisible("#save a")).toBe(true);
    expect([await page.isDisabled("#start"), await page.isDisabled("#stop")]).toEqual([false, true]);
    await close();
  });
});

describeBrowser("the page that uses a trained model", () => {
  const network = new nn.UNet({ width: 2, levels: 2, seed: 3 });
  const model = { name: "model.safetensors", mimeType: "application/octet-stream", buffer: Buffer.from(saveNetwork({ network })) };
  const pictureOf = (width: number, height: number) => {
    const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (Math.floor(i / 90) * 37 + (i % 3) * 50) % 251);
    const png = { name: "picture.png", mimeType: "image/png", buffer: Buffer.from(encode({ data, width, height, channels: 3 })) };
    return { picture: { data, width, height }, png };
  };

  test("draws the mask that predict gives here over the picture", async () => {
    const { picture, png } = pictureOf(600, 40);
    const { labels } = await predict({ network }, picture);
    expect(new Set(labels).size).toBe(2);
    const { page, close } = await open("page");
    await page.setInputFiles("#model", model);
    await page.setInputFiles("#picture", png);
    await page.waitForFunction(shows("done"));
    const drawn = await page.evaluate<number[]>(`(() => {
      const canvas = document.getElementById("canvas");
      return [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
    })()`);
    expect(drawn).toHaveLength(4 * labels.length);
    const orange = [255, 128, 0];
    const off = Array.from({ length: 3 * labels.length }, (_, i) => {
      const [pixel, channel] = [Math.floor(i / 3), i % 3];
      const share = labels[pixel] ? 160 / 255 : 0;
      return Math.abs(drawn[4 * pixel + channel] - (share * orange[channel] + (1 - share) * picture.data[i]));
    });
    // the browser blends in whole numbers
    expect(off.reduce((a, b) => Math.max(a, b))).toBeLessThan(3);
    await close();
  });

  test("cancels, and says what is wrong with a file", async () => {
    const { page, close } = await open("page");
    await page.setInputFiles("#model", { ...model, buffer: Buffer.from("no model") });
    await page.setInputFiles("#picture", pictureOf(2048, 2048).png);
    await page.waitForFunction('document.getElementById("status").value.startsWith("loadNetwork(bytes)")');
    await page.setInputFiles("#model", model);
    await page.waitForFunction('document.getElementById("progress").value > 0');
    await page.click("#cancel");
    await page.waitForFunction(shows("cancelled"));
    expect(Number(await page.getAttribute("#progress", "value"))).toBeLessThan(1);
    await close();
  });
});

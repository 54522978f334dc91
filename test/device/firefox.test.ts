// The devices in Firefox, where one is installed: a page computes on every device and tells its own server what came out.
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { lovaszSoftmax, valueAndGrad } from "../../src/index.js";
import { ISOLATED } from "../helpers/serve.mjs";

const firefox = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => ["firefox", "firefox-esr"].map((name) => join(folder, name)))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
if (!firefox) console.warn("skipped: no Firefox on the PATH");

const page = `<!doctype html><script type="module">
  import { lovaszSoftmax, openDevice } from "/dist/index.js";
  const input = Float32Array.from({ length: 3 * 2 ** 14 }, (_, i) => Math.sin(i));
  const labels = Uint8Array.from({ length: 2 ** 14 }, (_, i) => i % 3);
  const came = {};
  for (const name of ["wasm", "threads", "auto"]) {
    try {
      const device = await openDevice(name, name === "wasm" ? {} : { workers: 2 });
      const { value } = await device.valueAndGrad(lovaszSoftmax, input, labels, { shape: [1, 3, 2 ** 14] });
      came[name] = { value, info: device.info };
      await device.close();
    } catch (error) {
      came[name] = String(error);
    }
  }
  await fetch("/came", { method: "POST", body: JSON.stringify(came) });
</script>`;

/** What the page says when the browser of this command opens it under `headers`. */
async function visit(start: (url: string, profile: string) => ChildProcess, headers: Record<string, string>): Promise<unknown> {
  const profile = await mkdtemp(join(tmpdir(), "lovasz-firefox-"));
  let hear: (came: unknown) => void;
  const heard = new Promise((resolve) => {
    hear = resolve;
  });
  const server = createServer(async (request, response) => {
    const url = request.url ?? "/";
    if (url === "/came") {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      hear(JSON.parse(Buffer.concat(chunks).toString()));
    }
    const script = url.startsWith("/dist/") ? await readFile(new URL(`../..${url}`, import.meta.url)).catch(() => "") : page;
    response.writeHead(200, { "Content-Type": url.startsWith("/dist/") ? "text/javascript" : "text/html", ...headers }).end(script);
  });
  await new Promise<void>((done) => server.listen(0, "localhost", done));
  const browser = start(`http://localhost:${(server.address() as AddressInfo).port}/`, profile);
  try {
    return await heard;
  } finally {
    browser.kill();
    await new Promise((done) => browser.once("exit", done));
    server.closeAllConnections();
    server.close();
    await rm(profile, { recursive: true, maxRetries: 5 });
  }
}

describe.skipIf(!firefox)("Firefox", () => {
  test.each([
    ["without isolation", {}, "copied"],
    ["isolated", ISOLATED, "shared"],
  ])("computes on every device, %s", async (_, headers, memory) => {
    const start = (url: string, profile: string) => spawn(firefox as string, ["--headless", "--no-remote", "--profile", profile, url]);
    const input = Float32Array.from({ length: 3 * 2 ** 14 }, (_, i) => Math.sin(i));
    const labels = Uint8Array.from({ length: 2 ** 14 }, (_, i) => i % 3);
    const { value } = valueAndGrad(lovaszSoftmax)(input, labels, { shape: [1, 3, 2 ** 14] });
    const close = expect.closeTo(value, 6);
    expect(await visit(start, headers)).toMatchObject({
      wasm: { value: close },
      threads: { value: close, info: { workers: 2, memory } },
      auto: { value: close },
    });
  });
});

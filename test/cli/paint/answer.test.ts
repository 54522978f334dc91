import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { decode, encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answering } from "../../../src/cli/paint/answer.js";
import { findShared } from "../../../src/cli/paint/findShared.js";
import { listen, type Site } from "../../../src/cli/paint/listen.js";
import { readPage } from "../../../src/cli/paint/readPage.js";
import { ask } from "../helpers/ask.js";
import { png, temporaryFolder } from "../helpers/files.js";
import { TIFFS } from "../helpers/tiffs.js";

const root = temporaryFolder();
const source = new URL("../../../src/paint/static/index.html", import.meta.url);
const policy = /default-src[^"]+/.exec(readFileSync(source, "utf8"))![0];
const data = join(root, "data");
const inside = png(3, 2, 3, () => 7);
let site: Site;

beforeAll(async () => {
  const page = join(root, "page");
  for (const folder of [page, join(data, "sub"), join(root, "elsewhere")]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(page, "index.html"), readFileSync(source));
  for (const name of ["paint.js", "sw.js", "style.css", "icon.svg", "sample.jpg"]) writeFileSync(join(page, name), name);
  writeFileSync(join(root, "secret.png"), inside);
  writeFileSync(join(root, "elsewhere", "b.png"), inside);
  writeFileSync(join(data, "a b<é.png"), inside);
  writeFileSync(join(data, "sub", "t.tif"), TIFFS.grey16BigEndian);
  writeFileSync(join(data, "broken.tif"), "II*");
  writeFileSync(join(data, "later.png"), inside);
  writeFileSync(join(data, "notes.txt"), "secret");
  symlinkSync(join(root, "secret.png"), join(data, "link.png"));
  symlinkSync(join(root, "elsewhere"), join(data, "folder"));
  symlinkSync(join(data, "later.png"), join(data, "within.png"));
  const { pictures, doubts } = await findShared(data);
  expect(doubts).toEqual([`in ${data} 2 links out of it are not served; copy the pictures, or pass their own folder`]);
  site = (await listen(0, answering(await readPage([...pictures.keys()], page), pictures)))!;
});
afterAll(() => site.close());

const HEADERS = {
  "content-security-policy": policy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

describe("every answer has the headers of isolation, policy and type:", () => {
  test.each([
    ["/", 200, "text/html; charset=utf-8"],
    ["/index.html", 200, "text/html; charset=utf-8"],
    ["/paint.js", 200, "text/javascript; charset=utf-8"],
    ["/paint.js?v=1", 200, "text/javascript; charset=utf-8"],
    ["/style.css", 200, "text/css; charset=utf-8"],
    ["/icon.svg", 200, "image/svg+xml"],
    ["/sample.jpg", 200, "image/jpeg"],
    ["/data/a%20b%3C%C3%A9.png", 200, "image/png"],
    ["/data/sub/t.png", 200, "image/png"],
    ["/data/broken.png", 500, "text/plain; charset=utf-8"],
    ["/nothing", 404, "text/plain; charset=utf-8"],
  ])("%s", async (path, status, type) => {
    const got = await ask(site.port, path);
    expect(got).toMatchObject({ status, headers: { ...HEADERS, "content-type": type, "content-length": String(got.body.length) } });
    expect(got.body.length).toBeGreaterThan(0);
    const head = await ask(site.port, path, { method: "HEAD" });
    const dateless = ({ date, ...headers }: typeof got.headers) => headers;
    expect({ status: head.status, headers: dateless(head.headers) }).toEqual({ status, headers: dateless(got.headers) });
    expect(head.body.length).toBe(0);
  });

  test("the service worker alone may connect, to its own site", async () => {
    const { headers } = await ask(site.port, "/sw.js");
    expect(headers["content-security-policy"]).toBe(policy.replace("connect-src 'none'", "connect-src 'self'"));
    expect(policy).toContain("connect-src 'none'");
  });
});

test("the page has the addresses of the pictures, whatever their names", async () => {
  const text = String((await ask(site.port, "/")).body);
  const list = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(text)![1];
  expect(JSON.parse(list)).toEqual(["data/a%20b%3C%C3%A9.png", "data/broken.png", "data/later.png", "data/sub/t.png", "data/within.png"]);
});

test("PNG and JPEG are served as they are, TIFF as PNG of which the largest value is white", async () => {
  expect((await ask(site.port, "/data/a%20b%3C%C3%A9.png")).body).toEqual(Buffer.from(inside));
  const tiff = decode((await ask(site.port, "/data/sub/t.png")).body);
  expect(tiff).toMatchObject({ width: 9, height: 7, depth: 8, channels: 3 });
  expect(Math.max(...tiff.data)).toBe(255);
  expect(String((await ask(site.port, "/data/broken.png")).body)).toMatch(/broken.tif .*; replace or remove it\n$/);
});

describe("nothing else is served:", () => {
  test.each([
    "/../secret.png",
    "/data/../../secret.png",
    "/data/..%2f..%2fsecret.png",
    "/%2e%2e/secret.png",
    "/data/%2e%2e%2f%2e%2e%2fsecret.png",
    "/data/..%5c..%5csecret.png",
    "/data/link.png",
    "/data/folder/b.png",
    "/data/notes.txt",
    "/data/",
    "/data",
    "//",
    "/%",
    "/%00",
    "/data/a%20b%3C%C3%A9.png%00.js",
  ])("%s", async (path) => {
    expect((await ask(site.port, path)).status).toBe(404);
  });

  test("a picture that has become a link out of the folder, or is gone", async () => {
    expect((await ask(site.port, "/data/later.png")).status).toBe(200);
    rmSync(join(data, "later.png"));
    expect((await ask(site.port, "/data/later.png")).status).toBe(404);
    symlinkSync(join(root, "secret.png"), join(data, "later.png"));
    expect((await ask(site.port, "/data/later.png")).status).toBe(404);
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])("by %s", async (method) => {
    expect(await ask(site.port, "/", { method })).toMatchObject({ status: 405, headers: { allow: "GET, HEAD", ...HEADERS } });
  });

  test("under the name of another site", async () => {
    for (const host of [
      "evil.example",
      `evil.example:${site.port}`,
      "127.0.0.1",
      `127.0.0.1:${site.port + 1}`,
      `127.0.0.1.evil:${site.port}`,
    ])
      expect((await ask(site.port, "/", { host })).status, host).toBe(403);
    for (const host of [`localhost:${site.port}`, `LOCALHOST:${site.port}`]) expect((await ask(site.port, "/", { host })).status).toBe(200);
  });
});

test("a port that is taken is none, and no other machine can reach the server", async () => {
  expect(await listen(site.port, () => {})).toBe(null);
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  for (const host of addresses.filter((address) => address !== "127.0.0.1" && !address.startsWith("fe80"))) {
    await expect(ask(site.port, "/", { address: host }), host).rejects.toThrow("ECONNREFUSED");
  }
});

test("a folder without the page is an error", async () => {
  await expect(readPage([], join(root, "elsewhere"))).rejects.toThrow(
    /does not hold the page \(.*Content-Security-Policy\); install lovasz again/,
  );
  await expect(readPage([], join(root, "none"))).rejects.toThrow(/ENOENT/);
});

test("an 8-bit picture keeps its bytes though its name is of another kind", async () => {
  const folder = join(root, "renamed");
  mkdirSync(folder);
  const bytes = encode({ width: 1, height: 1, channels: 1, data: Uint8Array.of(9) });
  writeFileSync(join(folder, "x.jpg"), bytes);
  const { pictures } = await findShared(folder);
  const other = (await listen(0, answering({ files: new Map(), policy }, pictures)))!;
  expect(await ask(other.port, "/data/x.jpg")).toMatchObject({ headers: { "content-type": "image/png" }, body: Buffer.from(bytes) });
  await other.close();
});

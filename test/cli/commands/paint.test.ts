// `lovasz paint` as a program: its address, its ports, and its end.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { listen } from "../../../src/cli/paint/listen.js";
import { ask } from "../helpers/ask.js";
import { call } from "../helpers/call.js";
import { png, temporaryFolder } from "../helpers/files.js";

const program = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));
const built = existsSync(program);
if (!built) console.warn("skipped: dist/cli.js is missing; npm run build makes it");

let children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
  children = [];
});

/** Starts `lovasz paint`; resolves once it has printed its address. */
async function start(...args: string[]) {
  const child = spawn(process.execPath, [program, "paint", ...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, _: "" } });
  children.push(child);
  const err: Buffer[] = [];
  child.stderr.on("data", (text) => err.push(text));
  const [out] = await once(child.stdout, "data");
  const address = String(out);
  return { child, address, port: Number(/:(\d+)\//.exec(address)![1]), told: () => String(Buffer.concat(err)) };
}

describe.skipIf(!built || process.platform === "win32")("lovasz paint", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("serves the page at the port that it prints, until %s", async (signal) => {
    const { child, address, port, told } = await start();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:86\d\d\/\n$/);
    expect(told()).toBe(port === 8600 ? "" : expect.stringContaining("warning: port 8600 is taken"));
    expect(await ask(port, "/")).toMatchObject({ status: 200, headers: { "cross-origin-embedder-policy": "require-corp" } });
    expect((await ask(port, "/paint.js")).status).toBe(200);
    child.kill(signal);
    expect(await once(child, "close")).toEqual([0, null]);
  });

  test("takes the next port where another has the first, and says so", async () => {
    const first = await start();
    const second = await start();
    expect(second.port).toBeGreaterThan(first.port);
    expect(second.told()).toContain("warning: port 8600 is taken, so the page is at another");
  });

  test("serves the pictures of a folder", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "images"));
    writeFileSync(
      join(folder, "images", "a.png"),
      png(2, 2, 1, () => 3),
    );
    const { port } = await start("--data", folder);
    expect(String((await ask(port, "/")).body)).toContain('id="data">["data/a.png"]<');
    expect((await ask(port, "/data/a.png")).status).toBe(200);
  });
});

describe("lovasz paint refuses", () => {
  test("a port that is taken", async () => {
    const site = (await listen(0, () => {}))!;
    const { code, out, err } = await call("paint", "--port", String(site.port));
    await site.close();
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toBe(`lovasz: port ${site.port} cannot be listened at; leave out --port, or pass another\n`);
  });

  test.each(["0", "65536", "x", ""])("%j as a port", async (port) => {
    const { code, err } = await call("paint", "--port", port);
    expect(code).toBe(2);
    expect(err).toContain("Pass a whole number from 1 to 65535.");
  });

  test("a folder that is none, or has no pictures", async () => {
    expect(await call("paint", "--data", "none")).toMatchObject({ code: 1, err: expect.stringContaining("none does not exist") });
    const folder = temporaryFolder();
    expect(await call("paint", "--data", folder)).toMatchObject({ code: 1, err: expect.stringContaining("holds no PNG, JPEG or TIFF") });
  });
});

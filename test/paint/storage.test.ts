// What the browser keeps, in a real one.
import { expect, test } from "vitest";
import type * as module from "../../src/paint/storage.js";
import { describeBrowser } from "../helpers/browser.js";
import { openModules } from "./helpers/openModules.js";

type Page = Awaited<ReturnType<typeof openModules>>["page"];
declare const modules: { storage: typeof module };
declare let storage: module.ProjectStorage<unknown>;
declare let lost: string[];

/** Opens the storage of the page, as `storage`. */
const openIn = (page: Page) =>
  page.evaluate(async () => {
    const lost: string[] = [];
    const storage = await modules.storage.openStorage((reason) => lost.push(reason));
    Object.assign(globalThis, { storage, lost });
  });
const lostIn = (page: Page) => page.evaluate(() => lost);

/** All that is kept, in a form that can be sent here. */
const loadedIn = (page: Page) =>
  page.evaluate(async () => {
    const { pictures, settings, network } = await storage.load();
    const shown = [...pictures].map(async ([id, { name, file, strokes }]) => [id, name, await file.text(), strokes && [...strokes]]);
    return { pictures: await Promise.all(shown), settings, network: network && [...network] };
  });

const save = (page: Page) =>
  page.evaluate(async () => {
    storage.savePicture("z", { name: "first.png", file: new Blob(["one"]) });
    storage.savePicture("a", { name: "second.png", file: new Blob(["two"]) });
    storage.saveStrokes("z", Uint8Array.of(255, 0, 1));
    storage.saveTogether({ settings: { classes: ["background", "cell"] }, network: Uint8Array.of(7, 8) });
    await storage.settled();
  });

const SAVED = {
  pictures: [
    ["z", "first.png", "one", [255, 0, 1]],
    ["a", "second.png", "two", null],
  ],
  settings: { classes: ["background", "cell"] },
  network: [7, 8],
};
const NOTHING = { pictures: [], settings: null, network: null };

describeBrowser("openStorage", () => {
  test("keeps pictures in their order, strokes, settings and the network, through a reload; forgets what it is told to", async () => {
    const { page, close } = await openModules("storage");
    await openIn(page);
    expect(await loadedIn(page)).toEqual(NOTHING);
    await save(page);
    await page.reload();
    await openIn(page);
    expect(await loadedIn(page)).toEqual(SAVED);
    await page.evaluate(async () => {
      storage.savePicture("m", { name: "third.png", file: new Blob(["three"]) });
      storage.saveStrokes("z", Uint8Array.of(1));
      storage.remove("z");
      await storage.settled();
    });
    await page.reload();
    await openIn(page);
    expect((await loadedIn(page)).pictures).toEqual([
      ["a", "second.png", "two", null],
      ["m", "third.png", "three", null],
    ]);
    await page.evaluate(async () => {
      storage.saveSettings("old");
      storage.clear();
      storage.saveTogether({ settings: null, network: Uint8Array.of(9) });
      await storage.settled();
    });
    expect(await loadedIn(page)).toEqual({ ...NOTHING, network: [9] });
    expect([await lostIn(page), await page.evaluate(() => storage.works)]).toEqual([[], true]);
    await close();
  });

  test("writes what belongs together by one transaction, in the place of what waits, and again where it failed", async () => {
    const { page, close } = await openModules("storage");
    await openIn(page);
    await save(page);
    const transactions = await page.evaluate(async () => {
      const { transaction } = IDBDatabase.prototype;
      const seen: unknown[] = [];
      let failures = 1;
      IDBDatabase.prototype.transaction = function (names, mode) {
        if (mode === "readwrite") seen.push(mode);
        if (mode === "readwrite" && failures-- > 0) throw new DOMException("full", "QuotaExceededError");
        return transaction.call(this, names, mode);
      };
      storage.savePicture("n", { name: "new.png", file: new Blob(["new"]) });
      await storage.settled();
      storage.saveSettings("waits");
      storage.saveStrokes("z", Uint8Array.of(3));
      storage.saveTogether({ settings: "first", strokes: new Map([["z", Uint8Array.of(4)]]) });
      storage.saveTogether({ settings: "both", network: Uint8Array.of(5) });
      await storage.settled();
      return seen.length;
    });
    // the one that failed, the one of all, and the failed one again
    expect(transactions).toBe(3);
    expect(await loadedIn(page)).toEqual({
      pictures: [
        ...SAVED.pictures.map(([id, ...rest]) => (id === "z" ? [id, "first.png", "one", [4]] : [id, ...rest])),
        ["n", "new.png", "new", null],
      ],
      settings: "both",
      network: [5],
    });
    const networks = await page.evaluate(async () => {
      const kept = async () => {
        await storage.settled();
        const { network } = await storage.load();
        return network && [...network];
      };
      storage.removeNetwork();
      const none = await kept();
      storage.saveTogether({ settings: null });
      storage.removeNetwork();
      storage.saveTogether({ settings: null, network: Uint8Array.of(6) });
      const one = await kept();
      storage.saveTogether({ settings: null, network: Uint8Array.of(7) });
      storage.removeNetwork();
      return [none, one, await kept()];
    });
    expect(networks).toEqual([null, [6], null]);
    // settings that follow what failed are written with it
    await page.evaluate(async () => {
      const { transaction } = IDBDatabase.prototype;
      let failures = 1;
      IDBDatabase.prototype.transaction = function (names, mode) {
        if (mode === "readwrite" && failures-- > 0) throw new DOMException("full", "QuotaExceededError");
        return transaction.call(this, names, mode);
      };
      storage.saveTogether({ settings: "failed", strokes: new Map([["z", Uint8Array.of(8)]]) });
      await storage.settled();
      storage.saveSettings("after");
      await storage.settled();
    });
    const { settings, pictures } = await loadedIn(page);
    expect([settings, pictures[0]]).toEqual(["after", ["z", "first.png", "one", [8]]]);
    await close();
  });

  test("keeps strokes as they are when they are written, and the last ones", async () => {
    const { page, close } = await openModules("storage");
    await openIn(page);
    await page.evaluate(async () => {
      const strokes = Uint8Array.from({ length: 1_000_003 }, (_, i) => (i * i) % 7);
      storage.savePicture("a", { name: "a", file: new Blob([]) });
      for (let i = 0; i < 50; i++) {
        strokes[1_000_002] = i;
        storage.saveStrokes("a", strokes);
        if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve));
      }
      await storage.settled();
    });
    await page.reload();
    await openIn(page);
    const kept = page.evaluate(async () => {
      const { strokes } = (await storage.load()).pictures.get("a")!;
      return [strokes!.length, strokes![1_000_002], strokes!.subarray(0, 1_000_002).every((value, i) => value === (i * i) % 7)];
    });
    expect(await kept).toEqual([1_000_003, 49, true]);
    await close();
  });

  test("leaves the project to the first of two tabs, and to the next one once that is closed", async () => {
    const { page, close } = await openModules("storage");
    await openIn(page);
    await save(page);
    const second = await page.context().newPage();
    await second.goto(page.url());
    await openIn(second);
    expect([await lostIn(second), await second.evaluate(() => storage.works)]).toEqual([["otherTab"], false]);
    expect(await loadedIn(second)).toEqual(NOTHING);
    await second.evaluate(() => {
      storage.saveSettings("of the second");
      storage.saveStrokes("z", Uint8Array.of(9));
      storage.remove("a");
      storage.clear();
      return storage.settled();
    });
    expect(await loadedIn(page)).toEqual(SAVED);
    await page.close();
    await second.reload();
    await openIn(second);
    expect([await lostIn(second), await loadedIn(second)]).toEqual([[], SAVED]);
    await close();
  });

  test.each([
    ["has no IndexedDB", "Object.defineProperty(window, 'indexedDB', { value: undefined })"],
    ["refuses it", "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }"],
    [
      "opens it in vain",
      "{ const { open } = IDBFactory.prototype; IDBFactory.prototype.open = function () { return open.call(this, 'x', 0.5); }; }",
    ],
  ])("says once that nothing is kept where the browser %s, and goes on", async (_, script) => {
    const { page, close } = await openModules("storage");
    await page.addInitScript(script);
    await page.reload();
    await openIn(page);
    expect(await loadedIn(page)).toEqual(NOTHING);
    await save(page);
    await page.evaluate(() => {
      storage.remove("z");
      storage.clear();
      return storage.settled();
    });
    expect([await lostIn(page), await page.evaluate(() => storage.works)]).toEqual([["refused"], false]);
    await close();
  });

  test("says that the storage is full, and keeps again once there is room", async () => {
    const { page, close } = await openModules("storage");
    const session = await page.context().newCDPSession(page);
    const { origin } = new URL(page.url());
    // before anything is stored, as Chromium remembers for a while how much room there is
    await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
    await openIn(page);
    await save(page);
    await page.evaluate(() => {
      // random, since what is stored is compressed
      const bytes = new Uint8Array(4_000_000);
      for (let at = 0; at < bytes.length; at += 50_000) crypto.getRandomValues(bytes.subarray(at, at + 50_000));
      storage.saveTogether({ settings: null, network: bytes });
      storage.saveStrokes("z", bytes);
      return storage.settled();
    });
    expect([await lostIn(page), await page.evaluate(() => storage.works)]).toEqual([["full"], false]);
    expect(await loadedIn(page)).toEqual(SAVED);
    await session.send("Storage.overrideQuotaForOrigin", { origin });
    await page.evaluate(() => {
      storage.saveSettings("small");
      return storage.settled();
    });
    expect([await lostIn(page), await page.evaluate(() => storage.works)]).toEqual([["full"], true]);
    await close();
  });

  test("works where there are no locks and no persistence, and asks for persistence once, after the first stroke", async () => {
    const { page, close } = await openModules("storage");
    await page.addInitScript("globalThis.asked = 0; StorageManager.prototype.persist = async () => { asked++; return false; }");
    await page.reload();
    await openIn(page);
    await page.evaluate(() => storage.saveSettings("x"));
    expect(await page.evaluate("asked")).toBe(0);
    await save(page);
    await save(page);
    expect(await page.evaluate("asked")).toBe(1);
    await page.addInitScript("for (const name of ['locks', 'storage']) Object.defineProperty(navigator, name, { value: undefined })");
    await page.reload();
    expect(await page.evaluate("navigator.locks")).toBe(undefined);
    await openIn(page);
    await save(page);
    expect([await lostIn(page), await loadedIn(page)]).toEqual([[], SAVED]);
    await close();
  });
});

// Pages of a real browser for the tests of one file; where none can be started they are skipped, with a message.
import { afterAll, describe } from "vitest";
import { NoBrowser, openBrowser } from "./chromium.mjs";
import { serve } from "./serve.mjs";

export { ISOLATED, STRICT, serve } from "./serve.mjs";

const root = new URL("../../", import.meta.url);

/** What pages find where: the built package, and scripts that tests call. */
export const FOLDERS = {
  "/dist/": new URL("dist/", root),
  "/pages/": new URL("test/helpers/pages/", root),
  "/golden/": new URL("../shared/golden/", root),
};

const browser = await openBrowser().catch((error) => {
  if (!(error instanceof NoBrowser)) throw error;
  console.warn(`skipped: no browser can be started here: ${error.message}`);
  return null;
});

const sites = new Map<string, ReturnType<typeof serve>>();

afterAll(async () => {
  await browser?.close();
  await Promise.all([...sites.values()].map(async (site) => (await site).close()));
});

/** A `describe` that is skipped, with a message, where no browser can be started. */
export const describeBrowser = describe.skipIf(!browser);

/**
 * A new page of a site with `headers`, whose scripts have all been loaded: each a file of test/helpers/pages. Errors that nobody
 * catches in the page are printed. The caller closes it, or the end of the file does.
 *
 * Hand `page.evaluate` text, or functions without imports and names from outside: they are sent over as text.
 */
export async function openPage(headers: Record<string, string> = {}, scripts: readonly string[] = []) {
  if (!browser) throw new Error("openPage() is for tests within describeBrowser");
  const key = JSON.stringify(headers);
  const site = await (sites.get(key) ?? sites.set(key, serve(FOLDERS, headers)).get(key)!);
  // in the locale C.UTF-8 Chromium names a language that its own Intl refuses
  const page = await browser.newPage({ locale: "en-US" });
  page.on("pageerror", (error) => console.error(`in the page: ${error.stack ?? error}`));
  await page.goto(site.url);
  for (const script of scripts) await page.evaluate(`import("/pages/${script}").then(() => undefined)`);
  return page;
}

/**
 * What the promise of `expression`, text, resolves to in the page, run as a task of the page's own: what `page.evaluate` runs itself may
 * make functions of text, whatever the policy of the page.
 */
export function inPage<T>(page: Awaited<ReturnType<typeof openPage>>, expression: string): Promise<T> {
  return page.evaluate<T>(`new Promise((resolve, reject) => setTimeout(() => (async () => ${expression})().then(resolve, reject)))`);
}

/** The page at `path` of a site of its own that serves `folders`, with storage and service workers of its own. The caller closes it. */
export async function openSite(folders: Record<string, URL>, path: string) {
  if (!browser) throw new Error("openSite() is for tests within describeBrowser");
  const site = await serve(folders);
  const context = await browser.newContext({ locale: "en-US" });
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(`in the page: ${error.stack ?? error}`));
  await page.goto(`${site.url}${path}`);
  return {
    page,
    closeServer: site.close,
    close: async () => {
      await context.close();
      await site.close();
    },
  };
}

/** Text for `inPage`: whether the policy lets the page make functions of text. */
export const MAKES_FUNCTIONS = "(() => { try { return new Function('return true')(); } catch (error) { return error.name; } })()";

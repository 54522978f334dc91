// How fast the page of `lovasz paint` learns, and how smooth it stays: in headless browsers, by real pointer events, on real pictures.
// LOVASZ_FIREFOX names a Firefox to measure, too; LOVASZ_MINUTES how long memory is watched.
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { iou } from "lovasz";
import { openBrowser } from "../test/helpers/chromium.mjs";
import { centresOf } from "../test/helpers/dabs.mjs";
import { draw, openFile, openFirefox, pointOf, predictedOf, servePaint, stateOf } from "../test/helpers/paint.mjs";
import { canTell, status } from "./memory/grown.mjs";
import { pictures } from "./paint/pictures.mjs";
import { uniform } from "./random.mjs";

const VIEW = { viewport: { width: 1280, height: 800 }, locale: "en-US" };
// seconds of training after which the prediction is compared with the truth
const MARKS = [2, 5, 10, 40];
const SEEDS = [1, 2];
const RADIUS = 5;

const FIREFOX = process.env.LOVASZ_FIREFOX;

const BROWSERS = {
  Chromium: () => openBrowser(),
  ...(FIREFOX ? { Firefox: () => openFirefox(FIREFOX) } : {}),
};

/** Calls `work` with a page, and closes all afterwards. */
async function inPage(work, open = BROWSERS.Chromium) {
  const [site, browser] = [await servePaint(), await open()];
  try {
    const page = await browser.newPage(open === BROWSERS.Chromium ? VIEW : undefined);
    await page.goto(`${site.url}paint/index.html`);
    return await work(page, browser);
  } finally {
    await browser.close();
    await site.close();
  }
}

async function until(page, holds, seconds = 120) {
  const end = performance.now() + 1000 * seconds;
  for (;;) {
    const state = await stateOf(page);
    if (holds(state)) return state;
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${holds}`);
    await sleep(25);
  }
}

async function open(page, path) {
  await openFile(page, fileURLToPath(path));
  await until(page, ({ size, pictures }) => size !== null && pictures.every(({ name }) => name !== "sample.png"));
}

const dabsOn = ({ truth, width }, seed) => centresOf(truth, width, uniform(seed), { radius: RADIUS });

async function paint(page, places) {
  for (const label of [1, 0]) {
    await page.keyboard.press(String(label + 1));
    for (const { x, y } of places.filter((one) => one.label === label)) await draw(page, [[x + 0.5, y + 0.5]]);
  }
}

export * as learner from "./paint/learner.mjs";

/** IoU after so many seconds of training, from 24 dabs of radius 5. */
export const learning = {
  title: `IoU after ${MARKS.join(", ")} s of training, from 12 dabs of radius ${RADIUS} in each class`,
  async *run() {
    for (const [browser, picture, seed] of combinations(Object.keys(BROWSERS), pictures(3), SEEDS)) {
      const row = { browser, picture: picture.name, seed };
      await inPage(async (page) => {
        await open(page, picture.path);
        await page.evaluate(`project.setPaused(true); project.radius.value = ${RADIUS}`);
        await paint(page, dabsOn(picture, seed));
        await page.evaluate("project.setPaused(false)");
        for (const mark of MARKS) {
          const isOver = ({ progress }) => progress && (progress.seconds >= mark || (progress.steps > 0 && !progress.learning));
          await until(page, (state) => state.hasOverlay && isOver(state));
          row[`${mark} s`] = iou(await predictedOf(page), picture.truth, 2)[1].toFixed(3);
        }
        const { progress, threads } = await stateOf(page);
        Object.assign(row, { steps: progress.steps, threads });
      }, BROWSERS[browser]);
      yield row;
    }
  },
};

const combinations = (browsers, all, seeds) =>
  browsers.flatMap((one) => all.flatMap((picture) => seeds.map((seed) => [one, picture, seed])));

/** From the page's load to the first overlay. */
export const start = {
  title: "Seconds from the beginning of loading the page",
  async *run() {
    for (const [browser, , attempt] of combinations(Object.keys(BROWSERS), [null], [1, 2, 3])) {
      yield await inPage(async (page) => {
        const since = () => page.evaluate("performance.now() / 1000");
        await until(page, ({ pictures }) => pictures.length > 0);
        const opened = await since();
        await until(page, ({ hasOverlay }) => hasOverlay);
        return { browser, attempt, "sample opened": opened.toFixed(2), "first overlay": (await since()).toFixed(2) };
      }, BROWSERS[browser]);
    }
  },
};

/** Tasks of the main thread while somebody paints and the network learns. */
export const smoothness = {
  title: "The main thread while 20 strokes are painted during training: tasks, and frames in the browser's trace",
  async *run() {
    const picture = pictures(3)[2];
    yield await inPage(async (page, browser) => {
      await open(page, picture.path);
      await paint(page, dabsOn(picture, 1));
      await until(page, ({ progress }) => progress?.learning);
      await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"] });
      const begin = performance.now();
      for (let i = 0; i < 20; i++) {
        const y = 20 + 11 * i;
        await draw(page, [
          [20, y],
          [120, y + 6],
          [230, y - 6],
        ]);
      }
      const seconds = (performance.now() - begin) / 1000;
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
      const { pid, tid } = traceEvents.find(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
      const own = traceEvents.filter((event) => event.pid === pid && event.tid === tid);
      const scripts = own.filter(({ name }) => ["FunctionCall", "EvaluateScript", "FireAnimationFrame", "EventDispatch"].includes(name));
      const tasks = own.filter(({ name }) => name === "RunTask" || name === "ThreadControllerImpl::RunTask");
      const longest = (events) => (events.reduce((most, { dur = 0 }) => Math.max(most, dur), 0) / 1000).toFixed(1);
      const frames = own.filter(({ name }) => name === "FireAnimationFrame").length;
      return {
        seconds: seconds.toFixed(1),
        "longest script (ms)": longest(scripts),
        "longest task (ms)": longest(tasks),
        "tasks over 50 ms": tasks.filter(({ dur = 0 }) => dur > 50_000).length,
        "frames a second": (frames / seconds).toFixed(0),
      };
    });
  },
};

/** Memory over minutes of training, with a stroke every second. */
export const memory = {
  title: "Memory of the page and its workers over 10 minutes of training (MB)",
  async *run() {
    const minutes = Number(process.env.LOVASZ_MINUTES ?? 10);
    const picture = pictures(3)[2];
    const rows = [];
    await inPage(async (page, browser) => {
      await open(page, picture.path);
      await paint(page, dabsOn(picture, 1));
      const session = await browser.newBrowserCDPSession();
      const own = await page.context().newCDPSession(page);
      const begin = performance.now();
      for (let next = 0; next <= minutes; ) {
        const passed = (performance.now() - begin) / 60_000;
        if (passed >= next) {
          await own.send("HeapProfiler.collectGarbage");
          const { processInfo } = await session.send("SystemInfo.getProcessInfo");
          const renderer = processInfo.filter(({ type }) => type === "renderer");
          rows.push({
            minute: next,
            "resident (MB)": canTell ? Math.max(...renderer.map(({ id }) => residentOf(id))).toFixed(0) : "",
            steps: (await stateOf(page)).progress.steps,
          });
          next++;
        }
        const at = await pointOf(page, 30 + 40 * Math.random(), 30 + 40 * Math.random());
        await page.mouse.click(at.x, at.y);
        await sleep(1000);
      }
    });
    yield* rows;
  },
};

const residentOf = (id) => status(id, "VmRSS") / 2 ** 20;

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { decode } from "fast-png";
import { afterEach, describe, expect, test } from "vitest";
import { loadNetwork } from "../../../src/model/loadNetwork.js";
import { predict } from "../../../src/model/predict.js";
import { saveNetwork } from "../../../src/model/saveNetwork.js";
import { FastSCNN } from "../../../src/nn/FastSCNN.js";
import { UNet } from "../../../src/nn/UNet.js";
import { Learner } from "../../../src/paint/learner/Learner.js";
import { HELD_OUT, type Overlay, type Progress, type Reply, type Request, UNPAINTED, UNSURE } from "../../../src/paint/messages.js";
import { memory } from "../../../src/wasm/memory.js";
import { dabs, discs, noise } from "./helpers/pictures.js";

type Pictured = ReturnType<typeof noise>;
type Message = Request | { readonly type: "open"; readonly picture: string; readonly file: Pictured };

const nuclei = new URL("../../../../shared/data/nuclei/val/", import.meta.url);

/** A learner whose clock goes on by `tick` ms at each look, so that equal messages make equal bursts. */
class Session {
  readonly replies: Reply[] = [];
  readonly #learner: Learner;
  readonly #waiting: (() => void)[] = [];
  readonly done: Promise<void>;

  constructor(tick: number) {
    let time = 0;
    this.#learner = new Learner({
      reply: (reply) => {
        this.replies.push(reply);
        for (const wake of this.#waiting.splice(0)) wake();
      },
      decode: async (file) => {
        if (file instanceof Error) throw file;
        return file as unknown as Pictured;
      },
      now: () => {
        time += tick;
        return time;
      },
    });
    this.done = this.#learner.run();
  }

  tell(...messages: Message[]): void {
    for (const message of messages) this.#learner.hear(message as Request);
  }

  /** The first reply of a type that `fits`, from the `from`th on. */
  async until<T extends Reply["type"]>(type: T, fits: (reply: Extract<Reply, { type: T }>) => boolean = () => true, from = 0) {
    const find = () => this.replies.slice(from).find((reply) => reply.type === type && fits(reply as Extract<Reply, { type: T }>));
    const ended = this.done.then(() => {
      throw new Error(`it ended before ${type}`);
    });
    // where it is not raced with
    ended.catch(() => {});
    while (!find()) await Promise.race([ended, new Promise<void>((resolve) => this.#waiting.push(resolve))]);
    return find() as Extract<Reply, { type: T }>;
  }

  of<T extends Reply["type"]>(type: T): Extract<Reply, { type: T }>[] {
    return this.replies.filter((reply) => reply.type === type) as Extract<Reply, { type: T }>[];
  }

  end(): Promise<void> {
    this.#learner.end();
    return this.done;
  }
}

const sessions: Session[] = [];
function session(...messages: Message[]): Session {
  return timed(10, ...messages);
}
function timed(tick: number, ...messages: Message[]): Session {
  const made = new Session(tick);
  sessions.push(made);
  made.tell(...messages);
  return made;
}
afterEach(async () => {
  for (const one of sessions.splice(0)) await one.end();
});

const { picture, truth } = discs(64);
const whole = { left: 0, upper: 0, width: 64, height: 64 };
const open = (name: string, file: Pictured = picture): Message => ({ type: "open", picture: name, file });
const look = (name: string): Message => ({ type: "look", picture: name, box: whole });
const paint = (name: string, labels = dabs(truth, 64, { count: 4 })): Message => ({ type: "paint", picture: name, box: whole, labels });
const begin = [open("a"), look("a"), paint("a")];
const atLeast = (steps: number) => (progress: Progress) => progress.steps >= steps;
const sure = (labels: Uint8Array) => labels.map((label) => label & ~UNSURE);

async function saved(one: Session, ask: number, format: "safetensors" | "onnx" = "safetensors"): Promise<Uint8Array> {
  one.tell({ type: "save", format, ask });
  return (await one.until("saved", (reply) => reply.ask === ask)).bytes;
}

function iou(a: Uint8Array, b: Uint8Array): number {
  let [intersection, union] = [0, 0];
  a.forEach((label, i) => {
    intersection += label & b[i];
    union += label | b[i];
  });
  return intersection / union;
}

describe("a Learner", () => {
  // the first: other tests leave tensors to the garbage collector
  test("frees all at its end", async () => {
    const one = session({ type: "compare", on: true }, ...begin);
    await one.until("progress", atLeast(25));
    one.tell({ type: "startOver" }, { type: "classes", count: 4 }, { type: "compare", on: false });
    await one.until("progress", () => true, one.replies.length);
    await one.end();
    expect(memory()).toEqual({ tensors: 0, bytes: 0 });
  });

  test("opens, learns and shows what it has learned", async () => {
    const one = session(...begin);
    await one.until("progress", atLeast(60));
    expect(one.of("opened")).toEqual([{ type: "opened", picture: "a", width: 64, height: 64 }]);
    const overlays = one.of("overlay");
    expect(overlays[0].box).toEqual(whole);
    expect(iou(sure((overlays.at(-1) as Overlay).labels), truth)).toBeGreaterThan(0.7);
    const first = one.of("progress").find(atLeast(1)) as Progress;
    expect(first).toMatchObject({ learning: true, accuracy: {} });
    expect(first.loss.lovasz).toBeGreaterThan(one.of("progress").at(-1)?.loss.lovasz as number);
    expect(one.of("unsure").at(-1)?.share).toBeLessThan(one.of("unsure")[0].share);
  });

  test("does nothing before two classes are painted", async () => {
    const one = session(open("a"), open("b"), look("a"));
    await one.until("opened", ({ picture }) => picture === "b");
    const from = one.replies.length;
    one.tell(paint("a", new Uint8Array(64 * 64).fill(1)));
    expect(await one.until("progress", () => true, from)).toMatchObject({ steps: 0, learning: false });
    one.tell(paint("b", new Uint8Array(64 * 64)));
    await one.until("overlay");
    expect(one.of("overlay").length).toBe(1);
  });

  test("makes equal weights of equal messages and steps", async () => {
    const bytes = [];
    for (let i = 0; i < 2; i++) {
      const one = session(...begin);
      await one.until("progress", atLeast(1));
      one.tell({ type: "pause", paused: true });
      await one.until("progress", ({ learning }) => !learning);
      bytes.push([one.of("progress").at(-1)?.steps, await saved(one, 1)]);
    }
    expect(bytes[1]).toEqual(bytes[0]);
  });

  test("never learns from strokes that are held out, and scores by them", async () => {
    const bytes = [];
    const strokes = dabs(truth, 64, { count: 4 });
    for (const label of [UNPAINTED, 1 | HELD_OUT]) {
      const labels = strokes.map((own, i) => (own === UNPAINTED && truth[i] ? label : own));
      const one = session(open("a"), look("a"), paint("a", labels));
      await one.until("progress", atLeast(30));
      one.tell({ type: "pause", paused: true });
      await one.until("progress", ({ learning }) => !learning);
      const last = one.of("progress").at(-1) as Progress;
      bytes.push([last.steps, await saved(one, 1)]);
      if (label === UNPAINTED) expect(last.accuracy).toEqual({});
      else expect(last.accuracy.lovasz).toBeGreaterThan(0.7);
    }
    expect(bytes[1]).toEqual(bytes[0]);
  });

  test("pauses, goes on, and starts over", async () => {
    const one = session(...begin);
    await one.until("progress", atLeast(1));
    one.tell({ type: "pause", paused: true });
    const { steps } = await one.until("progress", (progress) => progress.steps > 0 && !progress.learning);
    expect(steps).toBeLessThan(60);
    one.tell({ type: "pause", paused: false });
    await one.until("progress", (progress) => progress.steps > steps);
    one.tell({ type: "startOver" });
    const from = one.replies.length;
    expect((await one.until("progress", () => true, from)).steps).toBeLessThan(steps + 30);
  });

  test("answers a ping, and goes on as if there had been none", async () => {
    const one = session(...begin);
    const { steps } = await one.until("progress", atLeast(1));
    one.tell({ type: "ping" });
    await one.until("pong");
    const from = one.replies.length;
    expect((await one.until("progress", () => true, from)).steps).toBeGreaterThan(steps);
  });

  test("ends by itself, and goes on when strokes change", async () => {
    // each step takes seconds
    const one = timed(5000, open("a", noise(16, 16)), small(0, 1));
    const last = await one.until("progress", ({ steps, learning }) => steps > 0 && !learning);
    expect(last.steps).toBeLessThan(40);
    one.tell(small(1, 0));
    await one.until("progress", ({ steps }) => steps > last.steps);
  });

  test("adds and removes classes, and keeps what it has learned", async () => {
    const one = session(...begin);
    await one.until("progress", atLeast(60));
    one.tell({ type: "pause", paused: true }, { type: "predict", picture: "a", ask: 1 });
    const { labels } = await one.until("predicted", ({ ask }) => ask === 1);
    one.tell({ type: "classes", count: 3 }, { type: "predict", picture: "a", ask: 2 });
    expect((await one.until("predicted", ({ ask }) => ask === 2)).labels).toEqual(labels);
    expect(loadNetwork(await saved(one, 3)).classes).toBe(3);
    one.tell({ type: "classes", count: 2, removed: 2 }, { type: "predict", picture: "a", ask: 4 });
    expect((await one.until("predicted", ({ ask }) => ask === 4)).labels).toEqual(labels);
    // the strokes of class 0 are gone, and class 1 is class 0 now
    one.tell({ type: "classes", count: 3 }, { type: "classes", count: 2, removed: 0 }, { type: "predict", picture: "a", ask: 5 });
    await one.until("predicted", ({ ask }) => ask === 5);
    one.tell({ type: "pause", paused: false });
    // the first report may still be of the pause
    for (let i = 0; i < 2; i++) {
      one.tell(small(0, 0));
      const from = one.replies.length;
      expect(await one.until("progress", () => true, from)).toMatchObject({ learning: false });
    }
  });

  test("learns three classes", async () => {
    const classes = truth.map((label, i) => (label ? 1 : Math.floor(i / 64) < 20 ? 2 : 0));
    const { data, ...size } = picture;
    const coloured = { ...size, data: data.map((value, i) => (classes[Math.floor(i / 3)] === 2 && i % 3 === 0 ? 200 : value)) };
    const labels = dabs(classes, 64, { count: 5, radius: 3, classes: 3 });
    const one = session({ type: "classes", count: 3 }, open("a", coloured), look("a"), paint("a", labels));
    await one.until("progress", atLeast(90));
    const predicted = sure((one.of("overlay").at(-1) as Overlay).labels);
    expect(predicted.filter((label, i) => label === classes[i]).length / predicted.length).toBeGreaterThan(0.85);
  });

  test("compares with cross-entropy alone, from the same start", async () => {
    const one = session({ type: "compare", on: true }, ...begin);
    const { loss, steps } = await one.until("progress", atLeast(1));
    expect(loss.lovasz).toBeGreaterThan(loss.crossEntropy as number);
    expect(new Set(one.of("overlay").map(({ rival }) => rival))).toEqual(new Set(["lovasz", "crossEntropy"]));
    const alone = session(...begin);
    expect((await alone.until("progress", atLeast(1))).steps).toBe(steps);
    expect(alone.of("progress").at(-1)?.loss.lovasz).toBe(loss.lovasz);
    // the network with the Lovász loss remains once the other goes
    // not the weights of a moment between two steps
    one.tell({ type: "pause", paused: true }, { type: "predict", picture: "a", ask: 0 });
    const before = await saved(one, 1);
    const { labels } = await one.until("predicted");
    expect((await predict(loadNetwork(before), picture)).labels).toEqual(labels);
    one.tell({ type: "compare", on: false });
    expect(await saved(one, 2)).toEqual(before);
    const from = one.replies.length;
    one.tell({ type: "pause", paused: false });
    expect((await one.until("progress", atLeast(steps + 5), from)).loss).toEqual({ lovasz: expect.any(Number) });
  });

  test("scores no strokes that are gone", async () => {
    const labels = dabs(truth, 64, { count: 4 });
    const held = labels.map((label, i) => (label === 1 && i < 2048 ? 1 | HELD_OUT : label));
    const one = session(open("a"), look("a"), paint("a", held));
    expect((await one.until("progress", ({ accuracy }) => accuracy.lovasz !== undefined)).accuracy.lovasz).toBeGreaterThan(0);
    let from = one.replies.length;
    one.tell({ type: "pause", paused: true });
    await one.until("progress", ({ learning }) => !learning, from);
    from = one.replies.length;
    one.tell(paint("a", labels));
    expect((await one.until("progress", () => true, from)).accuracy).toEqual({});
  });

  test("saves a network that predicts the same labels, and starts from it", async () => {
    const one = session(...begin);
    await one.until("progress", atLeast(30));
    one.tell({ type: "pause", paused: true }, { type: "predict", picture: "a", ask: 1 });
    const { labels } = await one.until("predicted");
    const bytes = await saved(one, 2);
    expect((await predict(loadNetwork(bytes), picture)).labels).toEqual(labels);
    expect((await saved(one, 3, "onnx")).length).toBeGreaterThan(1000);
    const two = session(open("a"), look("a"), { type: "load", bytes, ask: 4 });
    expect(await two.until("loaded")).toEqual({ type: "loaded", ask: 4, classes: 2 });
    // a loaded network shows what it knows before anyone paints
    expect(sure((await two.until("overlay")).labels)).toEqual(labels);
    // and goes on to, when another begins to learn beside it
    const from = two.replies.length;
    two.tell({ type: "compare", on: true });
    expect(sure((await two.until("overlay", ({ rival }) => rival === "crossEntropy", from)).labels)).toEqual(labels);
    expect((await predict(loadNetwork(await saved(two, 5)), picture)).labels).toEqual(labels);
  });

  test("starts from any network that lovasz train writes", async () => {
    const models = [
      { network: new FastSCNN({ outChannels: 3, width: 8 }), normalisation: "none" as const },
      { network: new UNet({ outChannels: 2, width: 4, norm: "batch", upsample: "transposed", dropout: 0.1 }) },
    ];
    for (const model of models) {
      const one = session(open("a"), look("a"), { type: "load", bytes: saveNetwork(model), ask: 1 });
      expect((await one.until("loaded")).classes).toBe(model.network.options.outChannels);
      expect(sure((await one.until("overlay")).labels)).toEqual((await predict(model, picture)).labels);
      one.tell(paint("a"));
      await one.until("progress", atLeast(2));
      expect(loadNetwork(await saved(one, 2)).normalisation).toBe(model.normalisation ?? "picture");
      // "start over" has random weights, which read pictures in their own way
      const from = one.replies.length;
      one.tell({ type: "startOver" });
      await one.until("progress", atLeast(1), from);
      const again = loadNetwork(await saved(one, 3));
      expect([again.normalisation, again.network.constructor]).toEqual(["picture", UNet]);
      model.network.dispose();
    }
  });

  test("says in a sentence what cannot be done", async () => {
    const one = session(
      { type: "open", picture: "a", file: new Error("no picture") as never },
      { type: "open", picture: "b", file: new RangeError("Array buffer allocation failed") as never },
      { type: "load", bytes: Uint8Array.of(1, 2, 3), ask: 1 },
      { type: "predict", picture: "c", ask: 2 },
      { type: "save", format: "onnx", ask: 3 },
    );
    await one.until("failed", ({ ask }) => ask === 3);
    expect(one.of("broken").map(({ why }) => why)).toEqual([
      "This browser cannot read the file as a picture. Save it as PNG or JPEG and open it again.",
      "The picture is too large for this browser's memory. Make it smaller, or cut it into parts.",
    ]);
    const [load, missing, untaught] = one.of("failed").map(({ why }) => why);
    expect(load).toContain("The file");
    expect(missing).toBe("The picture is not open any more.");
    expect(untaught).toBe("Nothing has been learned yet. Paint a few strokes of two classes first.");
  });

  test("says how unsure it is of pictures that are not seen, once it has time", async () => {
    const one = session(...begin, open("b", discs(64, 9, 5).picture));
    await one.until("progress", atLeast(1));
    one.tell({ type: "pause", paused: true });
    const { share } = await one.until("unsure", ({ picture }) => picture === "b");
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
  });

  test("forgets a picture that is closed", async () => {
    const one = session(...begin, open("b"));
    await one.until("progress", atLeast(1));
    one.tell({ type: "close", picture: "a" }, { type: "predict", picture: "a", ask: 1 });
    await one.until("failed");
    const from = one.replies.length;
    one.tell(paint("b"), look("b"));
    await one.until("overlay", ({ picture }) => picture === "b", from);
    expect(one.replies.slice(from).some((reply) => reply.type === "overlay" && reply.picture === "a")).toBe(false);
  });

  test.skipIf(!existsSync(nuclei))("finds nuclei from 24 dabs", async () => {
    const [name] = readdirSync(new URL("images/", nuclei)).sort();
    const read = (folder: string) => decode(readFileSync(new URL(`${folder}/${name}`, nuclei)));
    const { data, width, height } = read("images");
    const mask = read("masks").data.map((value) => (value > 0 ? 1 : 0)) as Uint8Array;
    const box = { left: 0, upper: 0, width, height };
    const one = session(open("a", { data: data as Uint8Array, width, height, channels: 1 }), { type: "look", picture: "a", box });
    one.tell({ type: "paint", picture: "a", box, labels: dabs(mask, width) });
    await one.until("progress", atLeast(120));
    expect(iou(sure((one.of("overlay").at(-1) as Overlay).labels), mask)).toBeGreaterThan(0.7);
  });

  // the last, as it leaves a large memory, in which all allocations of tests are slow
  test("predicts of a large picture what is seen, and at last the whole", async () => {
    const large = noise(1100, 1000);
    const box = { left: 700.5, upper: 600, width: 100, height: 80 };
    const one = session(open("a", large), { type: "look", picture: "a", box });
    one.tell({ type: "paint", picture: "a", box: { left: 0, upper: 0, width: 64, height: 64 }, labels: dabs(truth, 64) });
    const seen = await one.until("overlay");
    expect(seen.box).toEqual({ left: 700, upper: 600, width: 101, height: 80 });
    one.tell({ type: "pause", paused: true });
    await one.until("unsure");
    const parts = one.of("overlay").filter((overlay) => overlay.box.width === 1100);
    expect(parts.map((part) => part.box)).toEqual([{ left: 0, upper: 0, width: 1100, height: 1000 }]);
    one.tell({ type: "predict", picture: "a", ask: 1 });
    const { labels } = await one.until("predicted");
    expect(sure(parts[0].labels)).toEqual(labels);
  });
});

// two strokes on a picture of 16 x 16
function small(left: number, right: number): Message {
  return { type: "paint", picture: "a", box: { left: 0, upper: 0, width: 2, height: 1 }, labels: Uint8Array.of(left, right) };
}

// The project: pictures, classes, strokes, and what is known of the learning. The interface shows its signals and calls its methods.
import { computed, type Signal, signal } from "@preact/signals";
import { CLASS_COLOURS } from "../model/colours.js";
import { History } from "./history.js";
import type { Colour } from "./layer.js";
import { LearnerClient, lackOf } from "./learnerClient.js";
import { type Box, HELD_OUT, type Progress, type Reply, type Request, type Rival, UNPAINTED } from "./messages.js";
import { type ClassChange, NetworkCopy } from "./NetworkCopy.js";
import { Picture } from "./picture.js";
import { closedRegion } from "./region.js";
import type { ProjectStorage } from "./storage.js";
import { strings } from "./strings.js";
import { type Change, classOf, partOf, redo, removeClass, Stroke, undo } from "./strokes.js";

/** A class that is painted. */
export interface PaintedClass {
  readonly name: string;
  /** As `#rrggbb`. */
  readonly colour: string;
}

/** What the pointer does. */
export type Tool = "brush" | "eraser" | "fill" | "hand";

/** A point of the curves. */
export interface Point extends Pick<Progress, "loss" | "accuracy"> {
  readonly seconds: number;
}

/** What is kept of a project, besides pictures, strokes and network. */
export interface Settings {
  readonly classes: readonly PaintedClass[];
  /** What has become of them since the network was kept. */
  readonly changes: readonly ClassChange[];
  /** How many strokes each class has had. */
  readonly strokes: readonly number[];
  readonly shown: string | null;
  readonly radius: number;
}

/** The largest radius of the brush, in pixels of the picture. */
export const MOST_RADIUS = 100;
// one label below HELD_OUT, and colours that can still be told apart
const MOST_CLASSES = 16;
const BACKGROUND = "#4477aa";
// every fifth stroke of a class is held out
const FIFTH = 5;
const MOST_POINTS = 600;

const hex = (colour: Colour): string => `#${colour.map((one) => one.toString(16).padStart(2, "0")).join("")}`;

/** Those of the package, and darker ones of them for further classes. */
const COLOURS = [1, 0.65, 0.35].flatMap((share) =>
  CLASS_COLOURS.map((colour) => hex(colour.map((one) => Math.round(share * one)) as never)),
);

/** `classes` and another one, with a name and a colour of its own. */
function withAnother(classes: readonly PaintedClass[]): PaintedClass[] {
  const [names, colours] = [new Set(classes.map(({ name }) => name)), new Set(classes.map(({ colour }) => colour))];
  let n = classes.length;
  while (names.has(strings.classes.another(n))) n++;
  const colour = COLOURS.find((one) => !colours.has(one)) ?? COLOURS[(classes.length - 1) % COLOURS.length];
  return [...classes, { name: strings.classes.another(n), colour }];
}

const rgb = (colour: string): Colour => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as unknown as Colour;

// crypto.randomUUID is absent where a page is served without TLS
const newId = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

const firstClasses = (): PaintedClass[] => [
  { name: strings.classes.background, colour: BACKGROUND },
  { name: strings.classes.object, colour: COLOURS[0] },
];

/** The project of the page. */
export class Project {
  readonly classes: Signal<readonly PaintedClass[]> = signal(firstClasses());
  readonly active = signal(1);
  readonly tool: Signal<Tool> = signal("brush");
  readonly radius = signal(5);
  readonly pictures: Signal<readonly Picture[]> = signal([]);
  readonly shownId: Signal<string | null> = signal(null);
  readonly shown = computed(() => this.pictures.value.find(({ id }) => id === this.shownId.value) ?? null);
  readonly overlay = signal(true);
  readonly paused = signal(false);
  readonly compare = signal(false);
  readonly progress: Signal<Progress | null> = signal(null);
  readonly points: Signal<readonly Point[]> = signal([]);
  readonly threads: Signal<number | null> = signal(null);
  /** What has just happened, for people to read or to hear. */
  readonly notice: Signal<string | null> = signal(null);
  /** Whether the browser does not keep the project: people have to save it. */
  readonly unkept = signal(false);
  /** Whether the browser keeps the page itself. */
  readonly offline = signal(false);
  readonly canUndo = signal(false);
  readonly canRedo = signal(false);
  /** Counts the changes of what labels stand for. */
  classChanges = 0;
  /** Counts the changes of what the canvas shows. */
  readonly changes = signal(0);
  /** Which classes have strokes, on any picture. */
  readonly painted: Signal<ReadonlySet<number>> = signal(new Set());
  /** Whether what is seen is the sample, on which nobody has painted yet: it is not kept. */
  readonly sample = signal(false);
  #storage: ProjectStorage<Settings> | null = null;
  readonly #history = new History();
  readonly #learner: LearnerClient;
  // how many strokes each class has had
  #strokes: number[] = [];
  readonly #copy = new NetworkCopy({
    save: async () => (this.#learner.isGone ? null : this.save("safetensors")),
    onCopied: (network) => this.#kept?.saveTogether({ settings: this.#settings, network }),
  });
  #holds = 0;
  #look: { picture: string; box: Box } | null = null;
  #waiting = new Map<string, Uint8Array>();
  #opening = new Set<Promise<void>>();
  // the stroke that is drawn, and what on: whatever else changes strokes, or shows another picture, ends it first
  #drawn: { readonly stroke: Stroke; readonly picture: Picture } | null = null;

  constructor() {
    this.#learner = new LearnerClient({
      replied: (reply) => this.#hear(reply),
      died: (why, isLast) => this.#died(why, isLast),
      left: () => this.#left(),
    });
  }

  /** The colours of the classes. */
  get colours(): Colour[] {
    return this.classes.value.map(({ colour }) => rgb(colour));
  }

  /** Adds pictures, and shows the first of them where none is shown. `labels` are strokes of an earlier time. */
  add(files: readonly { readonly name: string; readonly file: Blob; readonly id?: string; readonly labels?: Uint8Array }[]): Picture[] {
    const pictures = files.map(({ name, file, id = newId(), labels }) => {
      if (labels) this.#waiting.set(id, labels);
      const picture = new Picture(id, name, file);
      this.#learner.send({ type: "open", picture: id, file });
      this.#kept?.savePicture(id, { name, file });
      const opening = this.#decode(picture).finally(() => this.#opening.delete(opening));
      this.#opening.add(opening);
      return picture;
    });
    this.pictures.value = [...this.pictures.value, ...pictures];
    if (this.shownId.value === null && pictures.length > 0) this.show(pictures[0].id);
    this.#keepSettings();
    return pictures;
  }

  /** Whether there is a picture of this name and content. */
  async has({ name, file }: { readonly name: string; readonly file: Blob }): Promise<boolean> {
    const alike = this.pictures.value.filter((one) => one.name === name && one.file.size === file.size);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const others = await Promise.all(alike.map(async (one) => new Uint8Array(await one.file.arrayBuffer())));
    return others.some((other) => other.every((byte, i) => byte === bytes[i]));
  }

  /** Shows a picture. */
  show(id: string): void {
    if (id !== this.shownId.value) this.#endStroke();
    this.shownId.value = id;
    this.#keepSettings();
  }

  // of those that can be shown, the one that was opened last
  #showAnother(): void {
    const other = this.pictures.value.findLast(({ broken }) => broken.value === null);
    if (other) this.show(other.id);
  }

  /** Takes a picture out of the project. */
  remove(id: string): void {
    const at = this.pictures.value.findIndex((picture) => picture.id === id);
    const [picture] = this.pictures.value.slice(at, at + 1);
    if (!picture) return;
    this.#endStroke();
    picture.content.peek()?.bitmap.close();
    this.pictures.value = this.pictures.value.filter((one) => one !== picture);
    if (this.shownId.value === id) {
      const isGood = (one: Picture) => one.broken.value === null;
      const next = this.pictures.value.slice(at).find(isGood) ?? this.pictures.value.slice(0, at).findLast(isGood);
      this.shownId.value = next?.id ?? null;
    }
    this.#waiting.delete(id);
    this.#learner.send({ type: "close", picture: id });
    this.#history.forget(id);
    this.#countHistory();
    this.#countPainted();
    this.#kept?.remove(id);
    this.#keepSettings();
  }

  /** Tells the learner what is seen. */
  look(box: Box): void {
    const picture = this.shownId.value;
    if (picture === null || box.width === 0) return;
    this.#look = { picture, box };
    this.#learner.send({ type: "look", picture, box });
  }

  /** A new stroke of a class, or of the eraser, on the picture that is shown; null where there is none. Ends the one that was drawn before. */
  begin(tool: "brush" | "eraser" = "brush", label = this.active.value): Stroke | null {
    this.#endStroke();
    const picture = this.shown.value;
    const strokes = picture?.content.value?.strokes;
    if (!strokes) return null;
    const stroke = new Stroke(strokes, tool === "eraser" ? UNPAINTED : this.#held(label));
    this.#drawn = { stroke, picture };
    return stroke;
  }

  // every fifth stroke of a class is kept back, to score the network by
  #held(label: number): number {
    const count = (this.#strokes[label] ?? 0) + 1;
    return count % FIFTH === 0 ? label | HELD_OUT : label;
  }

  /** Draws a stroke on to (x, y), unless it was ended. */
  draw(stroke: Stroke, x: number, y: number, radius: number): void {
    if (this.#drawn?.stroke === stroke) this.#touch(this.#drawn.picture, stroke.lineTo(x, y, radius));
  }

  /** Ends a stroke, unless it was ended. */
  end(stroke: Stroke): void {
    if (this.#drawn?.stroke === stroke) this.#endStroke();
  }

  #touch(picture: Picture, box: Box | null): void {
    if (!box) return;
    picture.change(box);
    this.changes.value++;
  }

  #endStroke(): void {
    if (!this.#drawn) return;
    const { stroke, picture } = this.#drawn;
    this.#drawn = null;
    const change = stroke.end();
    if (!change) return;
    const label = change.after[0];
    if (label !== UNPAINTED) this.#strokes[classOf(label)] = (this.#strokes[classOf(label)] ?? 0) + 1;
    this.#history.add({ picture: picture.id, change });
    this.#keepSettings();
    this.#changed(picture, change.box, change.before, change.after);
  }

  /** Takes a stroke back that is not to count, such as the beginning of a gesture of two fingers. */
  cancel(stroke: Stroke): void {
    if (this.#drawn?.stroke !== stroke) return;
    const { picture } = this.#drawn;
    this.#drawn = null;
    const change = stroke.end();
    if (!picture.content.value || !change) return;
    undo(picture.content.value.strokes, change);
    // a write may have read it meanwhile
    this.#kept?.saveStrokes(picture.id, picture.content.value.strokes.labels);
    this.#touch(picture, change.box);
  }

  /** Fills the region around a pixel that strokes of the active class close in. */
  fill(x: number, y: number): void {
    const stroke = this.begin();
    const picture = this.shown.value;
    const strokes = picture?.content.value?.strokes;
    if (!strokes || !stroke) return;
    const label = this.active.value;
    const region = closedRegion(strokes, x, y, label);
    if (region) this.#touch(picture, stroke.fill(region.at, region.box));
    else if (classOf(strokes.labels[y * strokes.width + x]) === label)
      this.notice.value = strings.alreadyFilled(this.classes.value[label].name);
    else this.notice.value = strings.notClosed;
    this.end(stroke);
  }

  undo(): void {
    this.#endStroke();
    const entry = this.#history.undo();
    if (entry) this.#step(entry.picture, entry.change, undo);
  }

  redo(): void {
    this.#endStroke();
    const entry = this.#history.redo();
    if (entry) this.#step(entry.picture, entry.change, redo);
  }

  #step(id: string, change: Change, apply: typeof undo | typeof redo): void {
    const picture = this.pictures.value.find((one) => one.id === id);
    const content = picture?.content.value;
    if (!picture || !content) return;
    apply(content.strokes, change);
    if (id !== this.shownId.value) this.show(id);
    const [before, after] = apply === undo ? [change.after, change.before] : [change.before, change.after];
    this.#changed(picture, change.box, before, after);
  }

  #changed(picture: Picture, box: Box, before: Uint8Array, after: Uint8Array): void {
    const strokes = picture.content.value?.strokes;
    if (!strokes) return;
    const part = partOf(strokes, box);
    this.#learner.send({ type: "paint", picture: picture.id, ...part }, [part.labels.buffer]);
    picture.change(box);
    picture.recount(before, after);
    this.#countHistory();
    this.#countPainted();
    this.changes.value++;
    this.#kept?.saveStrokes(picture.id, strokes.labels);
  }

  #countHistory(): void {
    [this.canUndo.value, this.canRedo.value] = [this.#history.canUndo, this.#history.canRedo];
  }

  #countPainted(): void {
    const classes = this.classes.value.map((_, label) => label);
    this.painted.value = new Set(classes.filter((label) => this.pictures.value.some((picture) => picture.has(label))));
  }

  /** Makes a class the active one, to be painted. */
  choose(label: number): void {
    if (label >= this.classes.value.length) return;
    this.active.value = label;
    if (this.tool.value !== "fill") this.tool.value = "brush";
  }

  /** Sets the radius of the brush, within its limits. */
  setRadius(radius: number): void {
    this.radius.value = Math.max(1, Math.min(MOST_RADIUS, radius));
    this.#keepSettings();
  }

  /** Adds a class, and makes it the active one. */
  addClass(): void {
    const classes = this.classes.value;
    if (classes.length >= MOST_CLASSES) {
      this.notice.value = strings.classes.most;
      return;
    }
    this.classes.value = withAnother(classes);
    this.active.value = classes.length;
    this.#changeClasses({ count: classes.length + 1 });
    this.#copy.renew(true);
    this.#recoloured();
  }

  #changeClasses(change: ClassChange): void {
    this.#learner.send({ type: "classes", ...change });
    this.#copy.change(change);
    this.classChanges++;
  }

  /** Changes name or colour of a class. */
  changeClass(label: number, change: Partial<PaintedClass>): void {
    this.classes.value = this.classes.value.map((one, i) => (i === label ? { ...one, ...change } : one));
    if (change.colour !== undefined) this.#recoloured();
    this.#keepSettings();
  }

  /** Deletes a class and its strokes. */
  removeClass(label: number): void {
    this.#endStroke();
    const { name } = this.classes.value[label];
    this.classes.value = this.classes.value.filter((_, i) => i !== label);
    const active = this.active.value;
    this.active.value = Math.min(active > label ? active - 1 : active, this.classes.value.length - 1);
    this.#strokes.splice(label, 1);
    const strokes = new Map<string, Uint8Array>();
    for (const picture of this.pictures.value) {
      const labels = picture.content.value?.strokes.labels ?? this.#waiting.get(picture.id);
      if (!labels) continue;
      removeClass(labels, label);
      picture.forget();
      picture.count();
      strokes.set(picture.id, labels);
    }
    // their labels are others now
    this.#history.forget();
    this.#countHistory();
    this.#countPainted();
    this.#changeClasses({ count: this.classes.value.length, removed: label });
    this.#kept?.saveTogether({ settings: this.#settings, strokes });
    this.#copy.renew(true);
    this.#recoloured();
    this.notice.value = strings.classes.removed(name);
  }

  #recoloured(): void {
    for (const picture of this.pictures.value) picture.colour(this.colours);
    this.changes.value++;
    this.#keepSettings();
  }

  setPaused(paused: boolean): void {
    this.paused.value = paused;
    this.#pause();
  }

  /** Has the network stay as it is, while it is saved, until what is returned is called. */
  hold(): () => void {
    this.#holds += 1;
    this.#pause();
    return () => {
      this.#holds -= 1;
      this.#pause();
    };
  }

  get #isPaused(): boolean {
    return this.paused.value || this.#holds > 0;
  }

  #pause(): void {
    this.#learner.send({ type: "pause", paused: this.#isPaused });
  }

  /** Whether there are strokes: on a picture, or of a class, or any at all. Those count, too, of pictures that are not decoded yet. */
  hasStrokes({ picture, label }: { readonly picture?: Picture; readonly label?: number } = {}): boolean {
    const isOne = (stroke: number) => stroke !== UNPAINTED && (label === undefined || classOf(stroke) === label);
    return (picture ? [picture] : this.pictures.value).some((one) => {
      const waiting = this.#waiting.get(one.id);
      if (waiting) return waiting.some(isOne);
      return label === undefined ? one.painted.value > 0 : one.has(label);
    });
  }

  setCompare(on: boolean): void {
    this.compare.value = on;
    if (on) {
      this.#forgetNetwork();
      for (const picture of this.pictures.value) picture.forget();
    }
    this.#learner.send({ type: "compare", on });
    this.changes.value++;
  }

  startOver(): void {
    for (const picture of this.pictures.value) picture.forget();
    this.#forgetNetwork();
    this.#learner.send({ type: "startOver" });
    this.changes.value++;
  }

  #forgetNetwork(): void {
    this.points.value = [];
    this.#copy.begin(null);
    this.#kept?.removeNetwork();
  }

  /** Whether a network has learned, or was opened. */
  get hasNetwork(): boolean {
    return this.#copy.bytes !== null || (this.progress.value?.steps ?? 0) > 0;
  }

  /** Counts the networks that began anew. */
  get begun(): number {
    return this.#copy.begun;
  }

  /** Resolves once all pictures can be seen, but those that are broken. */
  async opened(): Promise<void> {
    await Promise.all(this.#opening);
  }

  /** The trained network. */
  async save(format: "safetensors" | "onnx"): Promise<Uint8Array<ArrayBuffer>> {
    this.#wake();
    const answer = await this.#learner.ask({ type: "save", format });
    return (answer as Extract<Reply, { type: "saved" }>).bytes as Uint8Array<ArrayBuffer>;
  }

  /** What the network predicts of a whole picture. */
  async labelsOf(id: string): Promise<Uint8Array> {
    const answer = await this.#learner.ask({ type: "predict", picture: id });
    return (answer as Extract<Reply, { type: "predicted" }>).labels;
  }

  /**
   * Has the learning go on from a model. The project gets as many classes as that has; further ones of its own remain, and are learned.
   * Rejects where it is no model.
   */
  async load(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const count = await this.#loadNetwork(bytes);
    let classes = this.classes.value;
    while (classes.length < count) classes = withAnother(classes);
    this.classes.value = classes;
    this.classChanges++;
    if (classes.length > count) this.#changeClasses({ count: classes.length });
    // one may have gone since it was asked
    else this.#learner.send({ type: "classes", count: classes.length });
    this.#kept?.saveTogether({ settings: this.#settings, network: bytes });
    this.#recoloured();
  }

  // resolves to the number of its classes
  async #loadNetwork(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    this.#wake();
    const answer = await this.#learner.ask({ type: "load", bytes });
    this.points.value = [];
    this.#copy.begin(bytes);
    for (const picture of this.pictures.value) picture.forget();
    return (answer as Extract<Reply, { type: "loaded" }>).classes;
  }

  /** Keeps the project in `storage` from now on, after taking what is kept there. Resolves to whether there was something. */
  async keepIn(storage: ProjectStorage<Settings>): Promise<boolean> {
    const { pictures, settings, network } = await storage.load();
    if (settings) {
      this.radius.value = settings.radius;
      this.#strokes = [...(settings.strokes ?? [])];
      const why = await this.restore(settings.classes, network, settings.changes);
      if (why !== null) this.notice.value = strings.files.noNetwork(strings.storage.name, why);
      else if (pictures.size > 0 || network) this.notice.value = strings.storage.restored;
    }
    // what was opened before the storage was
    const own = this.pictures.value;
    this.#storage = storage;
    this.add([...pictures].map(([id, { name, file, strokes }]) => ({ id, name, file, labels: strokes ?? undefined })));
    const shown = settings?.shown;
    if (shown && pictures.has(shown)) this.show(shown);
    this.#keepPictures(own);
    return settings !== null;
  }

  /**
   * Takes classes and network of an earlier time, before its pictures are added. `changes` are what has become of the classes since the network
   * was saved. Resolves to why the network could not be read, or null.
   */
  async restore(
    classes: readonly PaintedClass[],
    network: Uint8Array<ArrayBuffer> | null,
    changes: readonly ClassChange[] = [],
  ): Promise<string | null> {
    const why = await (network ? this.#loadNetwork(network) : Promise.resolve()).then(
      () => null,
      (error: Error) => error.message,
    );
    if (why === null) for (const change of changes) this.#changeClasses(change);
    this.#learner.send({ type: "classes", count: classes.length });
    this.classChanges++;
    this.classes.value = classes;
    this.active.value = 1;
    if (network && why === null) this.#kept?.saveTogether({ settings: this.#settings, network });
    this.#recoloured();
    return why;
  }

  /** What people paint on is theirs, and is kept: the sample, too. */
  takeOver(): void {
    if (!this.sample.value) return;
    this.sample.value = false;
    this.#keepPictures(this.pictures.value);
  }

  #keepPictures(pictures: readonly Picture[]): void {
    for (const { id, name, file, content } of pictures) {
      this.#kept?.savePicture(id, { name, file });
      if (content.value) this.#kept?.saveStrokes(id, content.value.strokes.labels);
    }
    if (pictures.length > 0) this.#keepSettings();
  }

  /** Takes the sample away for what people open themselves. Classes remain; the network remains only where it was opened. */
  leaveSample(isOpened: boolean): void {
    if (!this.sample.value) return;
    this.sample.value = false;
    for (const { id } of this.pictures.value) this.remove(id);
    this.#strokes = [];
    if (isOpened && this.#copy.bytes) this.#kept?.saveTogether({ settings: this.#settings, network: this.#copy.bytes });
    else this.startOver();
  }

  // where the project is kept; null while it is not
  get #kept(): ProjectStorage<Settings> | null {
    return this.sample.peek() ? null : this.#storage;
  }

  /** Forgets everything. */
  clear(): void {
    for (const { id } of this.pictures.value) this.remove(id);
    this.#kept?.clear();
    this.classes.value = firstClasses();
    this.active.value = 1;
    this.#strokes = [];
    this.#changeClasses({ count: 2 });
    this.startOver();
  }

  async #decode(picture: Picture): Promise<void> {
    try {
      const bitmap = await createImageBitmap(picture.file, { imageOrientation: "from-image", colorSpaceConversion: "none" });
      if (!this.pictures.value.includes(picture)) return bitmap.close();
      const labels = this.#waiting.get(picture.id);
      this.#waiting.delete(picture.id);
      const { strokes } = picture.open(bitmap, this.colours, labels);
      if (labels) this.#tellAll(picture, strokes);
      this.#countPainted();
      this.changes.value++;
    } catch {
      // the learner says why
    }
  }

  #tellAll(picture: Picture, strokes: { width: number; height: number; labels: Uint8Array }): void {
    const box = { left: 0, upper: 0, width: strokes.width, height: strokes.height };
    this.#learner.send({ type: "paint", picture: picture.id, ...partOf(strokes, box) });
  }

  #hear(reply: Reply): void {
    const pictureOf = (id: string) => this.pictures.value.find((picture) => picture.id === id);
    switch (reply.type) {
      case "ready":
        this.threads.value = reply.threads;
        return;
      case "broken": {
        const picture = pictureOf(reply.picture);
        if (!picture) return;
        picture.broken.value = reply.why;
        if (this.shownId.value === picture.id) this.#showAnother();
        this.notice.value = strings.pictures.broken(picture.name, reply.why);
        return;
      }
      case "progress":
        this.#advanced(reply);
        return;
      case "overlay":
        pictureOf(reply.picture)?.predict(reply);
        if (reply.picture === this.shownId.value) this.changes.value++;
        return;
      case "unsure": {
        const picture = pictureOf(reply.picture);
        if (picture) picture.unsure.value = reply.share;
      }
    }
  }

  #advanced(progress: Progress): void {
    const before = this.progress.value;
    this.progress.value = progress;
    if (progress.steps < (before?.steps ?? 0)) this.points.value = [];
    if (progress.loss.lovasz === undefined || progress.steps === before?.steps) return;
    const { seconds, loss, accuracy } = progress;
    const points = [...this.points.value, { seconds, loss, accuracy }];
    // every other one of the older ones
    this.points.value = points.length > MOST_POINTS ? points.filter((_, i) => i % 2 === 1) : points;
    this.#copy.renew(!progress.learning);
  }

  get #settings(): Settings {
    const [classes, shown, radius] = [this.classes.value, this.shownId.value, this.radius.value];
    return { classes, shown, radius, changes: this.#copy.changes, strokes: [...this.#strokes] };
  }

  #keepSettings(): void {
    this.#kept?.saveSettings(this.#settings);
  }

  // so that a network can be saved and opened; it stays paused, as the learning has died of something
  #wake(): void {
    if (!this.#learner.isGone) return;
    this.paused.value = true;
    this.#learner.wake();
  }

  #died(why: string, isLast: boolean): void {
    const lack = lackOf(why);
    this.notice.value = lack ? strings.worker.lacking(lack) : isLast ? strings.worker.dead : strings.worker.restarted;
    this.progress.value = null;
    this.points.value = [];
  }

  // what a new worker has to be told
  #left(): Request[] {
    const requests: Request[] = [];
    // while losses are compared, both begin anew
    const { bytes, changes } = this.#copy;
    if (bytes && !this.compare.value) {
      requests.push({ type: "load", bytes, ask: -1 }, ...changes.map((one) => ({ type: "classes", ...one }) as const));
    }
    requests.push({ type: "classes", count: this.classes.value.length });
    for (const { id, file, content } of this.pictures.value) {
      requests.push({ type: "open", picture: id, file });
      if (!content.value) continue;
      const { strokes } = content.value;
      const box = { left: 0, upper: 0, width: strokes.width, height: strokes.height };
      requests.push({ type: "paint", picture: id, ...partOf(strokes, box) });
    }
    if (this.#look) requests.push({ type: "look", ...this.#look });
    if (this.compare.value) requests.push({ type: "compare", on: true });
    if (this.#isPaused) requests.push({ type: "pause", paused: true });
    return requests;
  }
}

/** The networks that are compared, from left to right. */
export const rivalsOf = (compare: boolean): readonly Rival[] => (compare ? ["crossEntropy", "lovasz"] : ["lovasz"]);

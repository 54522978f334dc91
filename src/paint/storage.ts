// What the browser keeps of a project: pictures, strokes, classes and settings, and the network. Where it keeps nothing, the page works.
import { clear, createStore, del, entries, setMany } from "idb-keyval";
import { deflated, inflated } from "./files/deflate.js";
import { pacing } from "./files/pacing.js";
import { Latest } from "./latest.js";

/** Why nothing is kept: the browser refuses, as in some private windows; its quota is used up; or another tab has the stored project. */
export type Lost = "refused" | "full" | "otherTab";

/** A picture as it was given. */
export interface StoredPicture {
  readonly name: string;
  readonly file: Blob;
}

/** What was kept. */
export interface Stored<Settings> {
  /** By their ids, in the order in which they were saved. */
  readonly pictures: ReadonlyMap<string, StoredPicture & { readonly strokes: Uint8Array | null }>;
  readonly settings: Settings | null;
  readonly network: Uint8Array<ArrayBuffer> | null;
}

/** What belongs together. */
export interface Together<Settings> {
  readonly settings: Settings;
  readonly network?: Uint8Array<ArrayBuffer>;
  /** By the ids of pictures. */
  readonly strokes?: ReadonlyMap<string, Uint8Array>;
}

/** Keeps a project. Nothing throws or rejects: what cannot be kept is told to `onLost`, once for each reason, and tried
 * again with the next that can. */
export interface ProjectStorage<Settings> {
  /** False where nothing is kept, at least for now. */
  readonly works: boolean;
  load(): Promise<Stored<Settings>>;
  savePicture(id: string, picture: StoredPicture): void;
  /** `strokes` is read when it is written, soon, and in pieces: save it again after each stroke. */
  saveStrokes(id: string, strokes: Uint8Array): void;
  saveSettings(settings: Settings): void;
  /** Saves all of it or nothing: what was to be saved of it before is left out. */
  saveTogether(parts: Together<Settings>): void;
  /** Forgets the network. */
  removeNetwork(): void;
  /** Forgets a picture, with its strokes. */
  remove(id: string): void;
  /** Forgets everything. */
  clear(): void;
  /** Resolves once all is written that was to be. */
  settled(): Promise<void>;
}

const [PICTURE, STROKES] = ["picture ", "strokes "];
const [SETTINGS, NETWORK] = ["settings", "network"];
/** No key of what is kept: of the write of several. */
const TOGETHER = "together";

/** A tab that is being reloaded may still have its lock for a moment, in milliseconds. */
const PATIENCE = 500;

/** Opens what the browser keeps for the page at this address. */
export async function openStorage<Settings>(onLost: (reason: Lost) => void): Promise<ProjectStorage<Settings>> {
  // one site may serve several copies of the page, each in a folder
  const name = `lovasz-paint ${new URL("./", location.href).pathname}`;
  if (await isFirstTab(name)) return new Kept(name, onLost);
  onLost("otherTab");
  return nothingKept();
}

class Kept<Settings> implements ProjectStorage<Settings> {
  readonly #store: ReturnType<typeof createStore>;
  readonly #writes = new Latest((error) => this.#onError(error));
  readonly #onLost: (reason: Lost) => void;
  readonly #told = new Set<Lost>();
  // the keys of all that was written
  readonly #keys = new Set<string>();
  // how often what is under way for a key has become void
  readonly #voided = new Map<string, number>();
  // what could not be written, by its key
  readonly #failed = new Map<string, () => Promise<[string, unknown][]>>();
  #order = 0;
  // what is to be written together, and what was written of that
  #due: { settings: Settings; network?: Uint8Array<ArrayBuffer>; readonly strokes: Map<string, Uint8Array> } | null = null;
  #written: object | null = null;
  #isAsked = false;
  works = true;

  constructor(name: string, onLost: (reason: Lost) => void) {
    this.#store = createStore(name, "project");
    this.#onLost = onLost;
  }

  async load(): Promise<Stored<Settings>> {
    const kept = new Map<string, unknown>();
    try {
      for (const [key, value] of await entries<string, unknown>(this.#store)) kept.set(key, value);
    } catch (error) {
      this.#onError(error);
    }
    const found = [...kept].filter(([key]) => key.startsWith(PICTURE)) as [string, StoredPicture & { order: number }][];
    const pictures = new Map<string, StoredPicture & { strokes: Uint8Array | null }>();
    for (const [key, { name, file, order }] of found.sort(([, a], [, b]) => a.order - b.order)) {
      const id = key.slice(PICTURE.length);
      this.#order = order + 1;
      const strokes = await unpack(kept.get(STROKES + id) as Packed | undefined);
      pictures.set(id, { name, file, strokes });
    }
    return {
      pictures,
      settings: (kept.get(SETTINGS) as Settings) ?? null,
      network: (kept.get(NETWORK) as Uint8Array<ArrayBuffer>) ?? null,
    };
  }

  savePicture(id: string, { name, file }: StoredPicture): void {
    const order = this.#order++;
    this.#put(PICTURE + id, async () => [[PICTURE + id, { name, file, order }]]);
  }

  saveStrokes(id: string, strokes: Uint8Array): void {
    this.#put(STROKES + id, async () => [[STROKES + id, await pack(strokes)]]);
    this.#askToPersist();
  }

  saveSettings(settings: Settings): void {
    // it would stand beside what it does not belong to
    if (this.#due) this.saveTogether({ settings });
    else this.#put(SETTINGS, async () => [[SETTINGS, settings]]);
  }

  saveTogether({ settings, network, strokes = new Map() }: Together<Settings>): void {
    const before = this.#due;
    this.#due = { settings, network: network ?? before?.network, strokes: new Map([...(before?.strokes ?? []), ...strokes]) };
    const single = [SETTINGS, ...(network ? [NETWORK] : []), ...[...strokes.keys()].map((id) => STROKES + id)];
    for (const key of single) this.#forget(key);
    // strokes are read in pieces, and these may have changed as a whole meanwhile
    if (strokes.size > 0) this.#forget(TOGETHER);
    this.#put(TOGETHER, async () => {
      const due = this.#due;
      if (!due) return [];
      const all: [string, unknown][] = [[SETTINGS, due.settings]];
      if (due.network) all.push([NETWORK, due.network]);
      for (const [id, labels] of due.strokes) all.push([STROKES + id, await pack(labels)]);
      this.#written = due;
      return all;
    });
  }

  removeNetwork(): void {
    if (this.#due) this.#due.network = undefined;
    this.#delete(NETWORK);
  }

  remove(id: string): void {
    this.#due?.strokes.delete(id);
    this.#delete(PICTURE + id);
    this.#delete(STROKES + id);
  }

  clear(): void {
    this.#due = null;
    this.#writes.forget();
    for (const key of this.#keys) this.#forget(key);
    this.#keys.clear();
    this.#writes.put("", async () => clear(this.#store));
  }

  settled(): Promise<void> {
    return this.#writes.settled();
  }

  // in the place of a write that waits
  #delete(key: string): void {
    this.#forget(key);
    this.#writes.put(key, async () => del(key, this.#store));
  }

  // what waits, failed or is under way for a key
  #forget(key: string): void {
    this.#writes.forget(key);
    this.#failed.delete(key);
    this.#voided.set(key, this.#voidedOf(key) + 1);
  }

  #voidedOf(key: string): number {
    return this.#voided.get(key) ?? 0;
  }

  // writes entries by one transaction, unless they become void before
  #put(key: string, values: () => Promise<[string, unknown][]>): void {
    this.#keys.add(key);
    this.#failed.delete(key);
    this.#writes.put(key, async () => {
      const voided = this.#voidedOf(key);
      const isVoid = () => voided !== this.#voidedOf(key);
      try {
        const entries = await values();
        if (isVoid()) return;
        await setMany(entries, this.#store);
      } catch (error) {
        if (!isVoid() && !this.#writes.has(key)) this.#failed.set(key, values);
        throw error;
      }
      if (key === TOGETHER && this.#written === this.#due) this.#due = null;
      this.#failed.delete(key);
      this.works = true;
      const failed = [...this.#failed];
      this.#failed.clear();
      for (const [one, again] of failed) this.#put(one, again);
    });
  }

  #onError(error: unknown): void {
    const reason = (error as Error)?.name === "QuotaExceededError" ? "full" : "refused";
    this.works = false;
    if (this.#told.has(reason)) return;
    this.#told.add(reason);
    this.#onLost(reason);
  }

  // so that the browser does not clear it when its disk is full; some ask the person, who has something to lose by now
  #askToPersist(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    navigator.storage?.persist?.().catch(() => {});
  }
}

/** A project that is not stored. */
function nothingKept<Settings>(): ProjectStorage<Settings> {
  const ignore = () => {};
  return {
    works: false,
    load: async () => ({ pictures: new Map(), settings: null, network: null }),
    savePicture: ignore,
    saveStrokes: ignore,
    saveSettings: ignore,
    saveTogether: ignore,
    removeNetwork: ignore,
    remove: ignore,
    clear: ignore,
    settled: async () => {},
  };
}

/** Whether no other tab has the project `name`: it is locked until this page is gone. True where browsers have no locks. */
function isFirstTab(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const hold = () => {
      resolve(true);
      return new Promise<void>(() => {});
    };
    if (!navigator.locks) return resolve(true);
    navigator.locks
      .request(name, { signal: AbortSignal.timeout(PATIENCE) }, hold)
      .catch((error: Error) => resolve(error.name !== "TimeoutError"));
  });
}

interface Packed {
  readonly length: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const PIECE = 2 ** 16;

async function pack(strokes: Uint8Array): Promise<Packed> {
  // not copied first, which takes long of a large picture: a stroke that is painted meanwhile is followed by the next write
  const pieces = async function* () {
    const rest = pacing();
    for (let at = 0; at < strokes.length; at += PIECE) {
      await rest();
      yield strokes.slice(at, at + PIECE);
    }
  };
  const blob = await deflated(pieces(), "deflate-raw");
  return { length: strokes.length, bytes: new Uint8Array(await blob.arrayBuffer()) };
}

async function unpack(packed: Packed | undefined): Promise<Uint8Array | null> {
  if (!packed) return null;
  return inflated(new Blob([packed.bytes]), "deflate-raw", packed.length).catch(() => null);
}

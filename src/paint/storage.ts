// What the browser keeps of a project: pictures, strokes, classes and settings, and the network. Where it keeps nothing, the page works.
import { clear, createStore, del, entries, set } from "idb-keyval";
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

/** Keeps a project. Nothing throws or rejects: what cannot be kept is told to `onLost`, once for each reason. */
export interface ProjectStorage<Settings> {
  /** False where nothing is kept, at least for now. */
  readonly works: boolean;
  load(): Promise<Stored<Settings>>;
  savePicture(id: string, picture: StoredPicture): void;
  /** `strokes` is read when it is written, soon, and in pieces: save it again after each stroke. */
  saveStrokes(id: string, strokes: Uint8Array): void;
  saveSettings(settings: Settings): void;
  saveNetwork(bytes: Uint8Array<ArrayBuffer>): void;
  /** Forgets a picture, with its strokes. */
  remove(id: string): void;
  /** Forgets everything. */
  clear(): void;
  /** Resolves once all is written that was to be. */
  settled(): Promise<void>;
}

const [PICTURE, STROKES] = ["picture ", "strokes "];
const [SETTINGS, NETWORK] = ["settings", "network"];

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
  #order = 0;
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
    this.#put(PICTURE + id, async () => ({ name, file, order }));
  }

  saveStrokes(id: string, strokes: Uint8Array): void {
    this.#put(STROKES + id, () => pack(strokes));
    this.#askToPersist();
  }

  saveSettings(settings: Settings): void {
    this.#put(SETTINGS, async () => settings);
  }

  saveNetwork(bytes: Uint8Array<ArrayBuffer>): void {
    this.#put(NETWORK, async () => bytes);
  }

  remove(id: string): void {
    // in the places of writes that wait
    this.#writes.put(PICTURE + id, async () => del(PICTURE + id, this.#store));
    this.#writes.put(STROKES + id, async () => del(STROKES + id, this.#store));
  }

  clear(): void {
    this.#writes.clear();
    this.#writes.put("", async () => clear(this.#store));
  }

  settled(): Promise<void> {
    return this.#writes.settled();
  }

  #put(key: string, value: () => Promise<unknown>): void {
    this.#writes.put(key, async () => {
      await set(key, await value(), this.#store);
      this.works = true;
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
    saveNetwork: ignore,
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

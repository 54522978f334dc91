// Lovász-Softmax of images together, in memory that the workers' cores share: the softmax by slabs of pixels, the losses by classes,
// and the way back by slabs. Only the input is copied there, and the gradient back.
import { classMap } from "../../losses/labels.js";
import { TILE } from "../../losses/lovaszClasses.js";
import { methodOf } from "../../losses/method.js";
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import { tidy } from "../../tensor/scope.js";
import { viewI32 } from "../../wasm/memory.js";
import type { Block, SharedMemory } from "../../wasm/sharedMemory.js";
import type { Pool } from "./pool.js";
import type { SoftmaxCall, SoftmaxPlaces, SoftmaxTask } from "./protocol.js";
import type { Reading } from "./reading.js";
import { settledAll } from "./settled.js";
import { roomBytes } from "./softmax.js";
import { Turns } from "./Turns.js";

// several slabs let workers begin while the rest is still being copied, and end together
const SLABS_EACH = 8;
const LEAST_WIDTH = 4096;

/** Whether a call's input is logits [images, classes, pixels], in that order. */
export function hasSlabs({ shape, options }: Reading): boolean {
  return options.fromLogits !== false && options.layout !== "NHWC" && shape.length > 2;
}

/** A call, and its place in the memory. */
export class Slabs {
  readonly #reading: Reading;
  readonly #pixels: number;
  readonly #call: SoftmaxCall;
  readonly #memory: SharedMemory;
  readonly #block: Block;

  /** Throws `LovaszError` "memory". */
  constructor(reading: Reading, chosen: readonly number[], memory: SharedMemory, parts: number) {
    const { input, images, shape, counts, weights, options } = reading;
    const classes = shape[1];
    const pixels = input.length / images / classes;
    const each = Math.max(1, Math.min(SLABS_EACH, Math.floor(pixels / parts / LEAST_WIDTH)));
    // whole tiles: so many a softmax is taken in
    const width = TILE * Math.ceil(pixels / (parts * each) / TILE);
    const slabs = Math.ceil(pixels / width);
    const bins = methodOf("lovaszSoftmax", options);
    // what takes long is begun first
    const order = [...chosen].sort((a, b) => (counts?.[b] ?? 0) - (counts?.[a] ?? 0));
    const factors = order.map((c) => (options.classWeights?.[c] ?? 1) / chosen.length);
    const extents = { images, classes, slabs, width, bins, weighted: weights !== null, order, factors };
    const { sizes, ...rooms } = sizesOf(extents, parts);
    this.#block = memory.take(Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0));
    const places = { ...placesOf(this.#block.start, sizes), ...rooms };
    this.#call = { memory: memory.memory, ...extents, places };
    this.#memory = memory;
    this.#reading = reading;
    this.#pixels = pixels;
  }

  /** The loss and gradient, the same to the bit as in place. Copies the input before it returns. */
  async compute(pool: Pool): Promise<ValueAndGrad> {
    const { slabs, order, places } = this.#call;
    this.#writeLabels();
    this.#clearSlopes();
    await this.#there(pool);
    await this.#inTurns(pool, "softmaxClasses", this.#turns(places.classTurns, order.length));
    const grad = this.#reading.out ?? new Float32Array(this.#reading.input.length);
    const left = new Set(Array(slabs).keys());
    const finish = (slab: number) => {
      if (left.delete(slab)) this.#read(places.keys, slab, grad);
    };
    await this.#inTurns(pool, "softmaxBack", this.#turns(places.backTurns, slabs), finish);
    // what a worker had done that died before it could say so
    for (const slab of left) finish(slab);
    return { value: this.#sum(), grad };
  }

  /** A copy of the input. */
  input(): Float32Array {
    const out = new Float32Array(this.#reading.input.length);
    for (let slab = 0; slab < this.#call.slabs; slab++) this.#read(this.#call.places.logits, slab, out);
    return out;
  }

  /** Gives the memory back. */
  free(): void {
    this.#memory.give(this.#block);
  }

  // workers begin with the first slabs while the rest is still being copied
  #there(pool: Pool): Promise<void> {
    const { slabs, places } = this.#call;
    const turns = this.#turns(places.pixelTurns, slabs, 0);
    const done = this.#inTurns(pool, "softmaxPixels", turns);
    try {
      for (let slab = 0; slab < slabs; slab++) {
        this.#writeLogits(slab);
        turns.open(slab + 1);
      }
    } finally {
      turns.open(slabs);
    }
    return done;
  }

  // Has the workers take pieces until all are done; what one had taken that died, another takes.
  async #inTurns(pool: Pool, kind: SoftmaxTask["kind"], turns: Turns, finish?: (piece: number) => void): Promise<void> {
    const seats = [...Array(pool.size).keys()];
    do await settledAll(seats.map((seat) => pool.run({ kind, call: this.#call, seat }, seat, finish)));
    while (turns.again());
  }

  #turns(place: number, count: number, ready = count): Turns {
    const turns = new Turns(this.#memory.memory, place, count);
    turns.begin(ready);
    return turns;
  }

  // in the order of the classes, and to a float32, as in place
  #sum(): number {
    const { order, places } = this.#call;
    const losses = new Float64Array(this.#memory.memory.buffer, places.losses, order.length);
    const inOrder = [...order.keys()].sort((a, b) => order[a] - order[b]);
    return Math.fround(inOrder.reduce((sum, k) => sum + losses[k], 0));
  }

  #writeLabels(): void {
    const { labels, weights, options } = this.#reading;
    const { images, classes, slabs, width, places } = this.#call;
    const n = images * slabs * width;
    const out = this.#i32(places.labels, n);
    // what is added to the last slab is void
    if (slabs * width > this.#pixels) out.fill(-1);
    tidy(() => {
      const count = images * this.#pixels;
      const { pointer } = classMap("lovaszSoftmax", labels, { count, classes, ignore: options.ignore });
      const classOf = viewI32(pointer, count);
      this.#eachRow(1, (at, length, to) => out.set(classOf.subarray(at, at + length), to));
    });
    if (!weights) return;
    const masses = this.#f32(places.weights, n);
    this.#eachRow(1, (at, length, to) => masses.set(weights.subarray(at, at + length), to));
  }

  // classes that do not count have none
  #clearSlopes(): void {
    const { images, classes, slabs, width, order, places } = this.#call;
    const n = slabs * images * width;
    const counted = new Set(order);
    for (let c = 0; c < classes; c++) if (!counted.has(c)) this.#f32(places.slopes + 4 * c * n, n).fill(0);
  }

  #writeLogits(slab: number): void {
    const { input } = this.#reading;
    const { images, classes, slabs, width, places } = this.#call;
    const logits = this.#f32(places.logits, slabs * images * classes * width);
    this.#eachRow(
      classes,
      (at, length, to) => {
        logits.set(input.subarray(at, at + length), to);
        if (length < width) logits.fill(0, to + length, to + width);
      },
      slab,
    );
  }

  #read(place: number, slab: number, out: Float32Array): void {
    const { images, classes, slabs, width } = this.#call;
    const values = this.#f32(place, slabs * images * classes * width);
    this.#eachRow(classes, (at, length, from) => out.set(values.subarray(from, from + length), at), slab);
  }

  // calls `visit` for the rows of a slab, or of all, in an array with so many `planes` an image: where a row begins in the order of
  // the input, how many pixels it has, and where it begins in the order of the slabs
  #eachRow(planes: number, visit: (at: number, length: number, place: number) => void, only?: number): void {
    const { images, slabs, width } = this.#call;
    const [first, end] = only === undefined ? [0, slabs] : [only, only + 1];
    for (let slab = first; slab < end; slab++) {
      const length = Math.min(width, this.#pixels - slab * width);
      for (let plane = 0; plane < images * planes; plane++) {
        visit(plane * this.#pixels + slab * width, length, (slab * images * planes + plane) * width);
      }
    }
  }

  #f32(place: number, count: number): Float32Array {
    return new Float32Array(this.#memory.memory.buffer, place, count);
  }

  #i32(place: number, count: number): Int32Array {
    return new Int32Array(this.#memory.memory.buffer, place, count);
  }
}

type Sizes = Record<Exclude<keyof SoftmaxPlaces, "roomBytes">, number>;

// bytes of each place, multiples of 64
function sizesOf({ images, classes, slabs, width, bins, weighted, order }: Omit<SoftmaxCall, "memory" | "places">, parts: number) {
  const n = slabs * images * width;
  const aligned = (bytes: number) => 64 * Math.ceil(bytes / 64);
  const room = aligned(roomBytes(classes, n, bins));
  const [row, planes] = [aligned(4 * n), aligned(4 * n * classes)];
  const sizes: Sizes = {
    logits: planes,
    labels: row,
    weights: weighted ? row : 0,
    p: planes,
    keys: planes,
    others: bins > 0 ? 0 : 2 * row,
    top: row,
    slopes: planes,
    losses: aligned(8 * order.length),
    pixelTurns: aligned(Turns.bytes(slabs)),
    classTurns: aligned(Turns.bytes(order.length)),
    backTurns: aligned(Turns.bytes(slabs)),
    rooms: parts * room,
  };
  return { sizes, roomBytes: room };
}

// one after another
function placesOf(start: number, sizes: Sizes): Sizes {
  let at = start;
  const entries = Object.entries(sizes).map(([name, bytes]) => {
    at += bytes;
    return [name, at - bytes];
  });
  return Object.fromEntries(entries);
}

// Lovász-Softmax of logits, all images as one group, in memory that the cores of the workers share (memory/layout.ts). The calling thread
// copies the logits there, slab by slab of pixels. The workers take three steps, each with a queue of its own (steps/slabs.ts):
//
//   slabProbabilities   one slab at a time; the first slabs while later ones are still being copied
//   classLosses         one class at a time, over all slabs
//   slabGradients       one slab at a time; the calling thread copies them from there
//
// Workers copy nothing from one another, and the result is that of one thread to the bit. Where a worker dies during a step, the other
// workers and its successor first empty the queue; then whatever it had taken but not finished is queued again.
import { classMap } from "../../../losses/labels.js";
import { TILE } from "../../../losses/lovaszClasses.js";
import type { ValueAndGrad } from "../../../losses/valueAndGrad.js";
import { tidy } from "../../../tensor/scope.js";
import { viewI32 } from "../../../wasm/memory.js";
import type { Block, SharedMemory } from "../../../wasm/sharedMemory.js";
import { channelsLast, channelsSecond } from "../../channelOrder.js";
import type { Call, SoftmaxSettings } from "../call.js";
import { type SlabExtents, scratchBytes, slabLayout } from "../memory/layout.js";
import { WorkQueue } from "../memory/WorkQueue.js";
import { allSettled } from "../pool/allSettled.js";
import type { Pool } from "../pool/Pool.js";
import type { SlabsCall, SlabsTask } from "../protocol.js";
import { classes } from "./classes.js";
import type { Partition, Plan } from "./partition.js";
import { SlabArrays } from "./SlabArrays.js";

export const slabs: Partition = {
  applies: (call, resources) => classes.applies(call, resources) && call.softmax?.fromLogits === true && resources.memory !== null,
  plan: (call, { pool, memory }) => new SlabsPlan(call, call.softmax as SoftmaxSettings, pool, memory as SharedMemory),
};

// with several slabs for each worker, workers begin while later slabs are being copied, and end at about the same time
const SLABS_EACH = 8;
const LEAST_WIDTH = 4096;

function extentsOf({ images, weights }: Call, settings: SoftmaxSettings, workers: number): SlabExtents {
  const { classes, pixels, bins, chosen, counts } = settings;
  const each = Math.max(1, Math.min(SLABS_EACH, Math.floor(pixels / workers / LEAST_WIDTH)));
  // whole tiles, which the softmax works on
  const width = TILE * Math.ceil(pixels / (workers * each) / TILE);
  // the class that takes longest first
  const order = [...chosen].sort((a, b) => counts[b] - counts[a]);
  return { images, classes, slabs: Math.ceil(pixels / width), width, bins, weighted: weights !== null, order };
}

class SlabsPlan implements Plan {
  readonly #call: Call;
  readonly #settings: SoftmaxSettings;
  readonly #pool: Pool;
  readonly #memory: SharedMemory;
  readonly #block: Block;
  readonly #cut: SlabsCall;
  readonly #arrays: SlabArrays;
  readonly #labels: Call["labels"];
  // [images, classes, pixels]
  readonly #logits: Float32Array;

  constructor(call: Call, settings: SoftmaxSettings, pool: Pool, memory: SharedMemory) {
    const { images, input, labels, weights } = call;
    const { classes, pixels, ignore, classWeights, isChannelsLast } = settings;
    const extents = extentsOf(call, settings, pool.size);
    const layout = slabLayout(extents, pool.size);
    this.#call = call;
    this.#settings = settings;
    this.#pool = pool;
    this.#memory = memory;
    this.#labels = labels.slice();
    this.#logits = isChannelsLast ? channelsSecond(input, { images, classes, pixels }) : input;
    [this.#block, this.#cut, this.#arrays] = tidy(() => {
      const count = images * pixels;
      const classOf = classMap(call.name, labels, { count, classes, ignore });
      // nothing below throws, so that the block is never lost
      const block = memory.take(layout.bytes);
      const factors = extents.order.map((c) => classWeights[c] / extents.order.length);
      const offsets = layout.offsets(block.start);
      const cut = { memory: memory.memory, memoryId: memory.id, ...extents, factors, offsets, scratchBytes: scratchBytes(extents) };
      const arrays = new SlabArrays(cut, pixels);
      arrays.writeLabels(viewI32(classOf.pointer, count));
      return [block, cut, arrays];
    });
    if (weights) this.#arrays.writeWeights(weights);
    this.#arrays.clearUncounted();
  }

  async run(): Promise<ValueAndGrad> {
    const { order, offsets } = this.#cut;
    await this.#probabilities();
    await this.#step("classLosses", this.#queue(offsets.classQueue, order.length));
    return { value: this.#arrays.loss(), grad: await this.#gradient() };
  }

  held(): Pick<Call, "input" | "labels"> {
    return { input: this.#inInputOrder(this.#arrays.logits()), labels: this.#labels };
  }

  free(): void {
    this.#memory.give(this.#block);
  }

  // workers begin with the first slabs while later ones are still being copied
  #probabilities(): Promise<void> {
    const { slabs, offsets } = this.#cut;
    const queue = this.#queue(offsets.pixelQueue, slabs, 0);
    const done = this.#step("slabProbabilities", queue);
    try {
      for (let slab = 0; slab < slabs; slab++) {
        this.#arrays.writeLogits(this.#logits, slab);
        queue.release(slab + 1);
      }
    } finally {
      queue.release(slabs);
    }
    return done;
  }

  async #gradient(): Promise<Float32Array> {
    const { slabs, offsets } = this.#cut;
    const { input, out } = this.#call;
    const isLast = this.#settings.isChannelsLast;
    const grad = out && !isLast ? out : new Float32Array(input.length);
    const unread = new Set(Array(slabs).keys());
    const read = (slab: number) => {
      if (unread.delete(slab)) this.#arrays.read(offsets.keys, slab, grad);
    };
    // `out` must stay as it is until nothing can fail; an array of our own is filled as slabs get done
    await this.#step("slabGradients", this.#queue(offsets.gradientQueue, slabs), grad === out ? undefined : read);
    // a worker may also die after it finished a slab and before it could say so
    for (const slab of unread) read(slab);
    if (!isLast) return grad;
    const ordered = this.#inInputOrder(grad);
    out?.set(ordered);
    return out ?? ordered;
  }

  #inInputOrder(values: Float32Array): Float32Array {
    const { images } = this.#call;
    const { classes, pixels, isChannelsLast } = this.#settings;
    return isChannelsLast ? channelsLast(values, { images, classes, pixels }) : values;
  }

  // has the workers empty a queue, and once more as long as workers that died left items unfinished
  async #step(kind: SlabsTask["kind"], queue: WorkQueue, onDone?: (item: number) => void): Promise<void> {
    const workers = [...Array(this.#pool.size).keys()];
    const take = (workerIndex: number) => this.#pool.run({ kind, call: this.#cut, workerIndex }, workerIndex, onDone);
    do await allSettled(workers.map(take));
    while (queue.requeueUnfinished());
  }

  #queue(offset: number, count: number, ready = count): WorkQueue {
    const queue = new WorkQueue(this.#memory.memory, offset, count);
    queue.reset(ready);
    return queue;
  }
}

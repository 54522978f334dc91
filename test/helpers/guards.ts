// Runs a kernel on blocks of memory between guard bytes, and asserts that it changes nothing but what it may write.
//
// Each call runs twice, with another filling of all bytes that nobody has set: guards, padding, scratch and outputs. What the kernel
// returns and must write has to be equal in both runs. So every byte of an output is written, none depends on a byte that is not the
// kernel's to read, and a write outside shows even where it happens to write the filling.
import { TASK_BYTES, type Task, writeTask } from "../../src/losses/task.js";
import type { TypedArray } from "../../src/typedArray.js";
import { type Kernels, kernels } from "../../src/wasm/instance.js";
import { scratch } from "../../src/wasm/memory.js";

type Pointers = Readonly<Record<string, number>>;

/** A block of memory that a call is given. */
export interface Block {
  readonly bytes: number;
  /** Where it may begin: at a multiple of this. */
  readonly align: number;
  readonly mayWrite: boolean;
  /** Of a block that may be written, how many of its first bytes must be the same whatever the filling is. */
  readonly checked: number;
  readonly contents?: TypedArray | ((view: DataView, pointer: number, pointers: Pointers) => void);
  /** Whether no guard is between it and the block before. */
  readonly adjoins?: boolean;
}

/** One call of a kernel. */
export interface Call {
  readonly blocks: Readonly<Record<string, Block>>;
  readonly run: (kernels: Kernels, pointers: Pointers) => unknown;
}

/** Whole vectors: `bytes` and padding to a multiple of 16. */
export const padded = (bytes: number): number => 16 * Math.ceil(bytes / 16);

/** A block that is only read, of `room` bytes. */
export function input(values: TypedArray, room = values.byteLength): Block {
  return { bytes: room, align: values.BYTES_PER_ELEMENT, mayWrite: false, checked: 0, contents: values };
}

/** A block whose `bytes` bytes are all written, and whose padding up to `room` bytes may be. */
export function output(bytes: number, { align = 4, room = bytes } = {}): Block {
  return { bytes: room, align, mayWrite: true, checked: bytes };
}

/** A block that may be written. */
export const scratchOf = (bytes: number): Block => ({ bytes, align: 8, mayWrite: true, checked: 0 });

/** A block that is read and written, of `room` bytes. */
export function inOut(values: TypedArray, room = values.byteLength): Block {
  return { bytes: room, align: values.BYTES_PER_ELEMENT, mayWrite: true, checked: values.byteLength, contents: values };
}

/** The struct that Lovász kernels take. */
export function taskOf(fields: (pointers: Pointers) => Partial<Task>): Block {
  const contents = (view: DataView, pointer: number, pointers: Pointers) => writeTask(view, pointer, fields(pointers));
  return { bytes: TASK_BYTES, align: 8, mayWrite: false, checked: 0, contents };
}

/** The bytes of guards around each block. */
const GUARD = 128;

// NaN and label -1; a large number
const FILLINGS = [0xff, 0x5a];

interface Placed extends Block {
  readonly name: string;
  readonly start: number;
}

// `shift`: moves blocks from multiples of 16 to other addresses that they allow
function place(blocks: Call["blocks"], shift: number): { placed: Placed[]; bytes: number } {
  const placed: Placed[] = [];
  let end = 0;
  for (const [name, block] of Object.entries(blocks)) {
    const start = block.adjoins ? end : 16 * Math.ceil((end + GUARD) / 16) + ((shift * block.align) % 16);
    placed.push({ ...block, name, start });
    end = start + block.bytes;
  }
  return { placed, bytes: end + GUARD };
}

/** How a call gets `bytes` of the memory behind `buffer()`, from the pointer `use` is called with. */
export interface Arena {
  readonly kernels: Kernels;
  readonly buffer: () => ArrayBufferLike;
  readonly take: (bytes: number, use: (pointer: number) => void) => void;
}

/** The core and its own memory. */
export const OWN: Arena = {
  kernels: kernels as Kernels,
  buffer: () => kernels.memory.buffer,
  take: (bytes, use) => scratch([bytes], use),
};

/** Throws an error that says what `call` writes outside of its blocks, or leaves out. */
export function checkGuards({ kernels, buffer, take }: Arena, call: Call, shift: number): void {
  const { placed, bytes } = place(call.blocks, shift);
  take(bytes, (arena) => {
    const pointers = Object.fromEntries(placed.map(({ name, start }) => [name, arena + start]));
    const runs = FILLINGS.map((filling) => {
      const memory = Buffer.from(buffer() as ArrayBuffer, arena, bytes);
      memory.fill(filling);
      const view = new DataView(buffer());
      for (const { contents, start } of placed) {
        if (typeof contents === "function") contents(view, arena + start, pointers);
        else if (contents) memory.set(new Uint8Array(contents.buffer, contents.byteOffset, contents.byteLength), start);
      }
      const before = Buffer.from(memory);
      const result = call.run(kernels, pointers);
      const after = Buffer.from(memory);
      expectUntouched(placed, before, after);
      return { result, after };
    });
    expectSame(placed, runs[0], runs[1]);
  });
}

function expectUntouched(placed: readonly Placed[], before: Buffer, after: Buffer): void {
  let from = 0;
  const expectEqual = (start: number, end: number) => {
    if (before.compare(after, start, end, start, end) === 0) return;
    const at = firstDifference(before, after, start, end);
    throw new Error(`writes ${nearest(placed, at)}`);
  };
  for (const { mayWrite, start, bytes } of placed) {
    if (!mayWrite) continue;
    expectEqual(from, start);
    from = start + bytes;
  }
  expectEqual(from, before.length);
}

interface Run {
  readonly result: unknown;
  readonly after: Buffer;
}

function expectSame(placed: readonly Placed[], one: Run, other: Run): void {
  for (const { name, start, checked } of placed) {
    const end = start + checked;
    if (one.after.compare(other.after, start, end, start, end) === 0) continue;
    const at = firstDifference(one.after, other.after, start, end) - start;
    throw new Error(`leaves out byte ${at} of the ${checked} of "${name}", or fills it with what is not its to read`);
  }
  if (!Object.is(one.result, other.result)) throw new Error(`returns ${one.result} or ${other.result}, after what is not its to read`);
}

function firstDifference(a: Buffer, b: Buffer, start: number, end: number): number {
  for (let i = start; i < end; i++) if (a[i] !== b[i]) return i;
  return end;
}

// where the byte `at` is, in words
function nearest(placed: readonly Placed[], at: number): string {
  for (const { name, start, bytes } of placed) {
    if (at >= start && at < start + bytes) return `byte ${at - start} of "${name}", which is only to be read`;
  }
  const last = placed.filter(({ start }) => start <= at).at(-1);
  if (!last) return `${placed[0].start - at} bytes before "${placed[0].name}"`;
  return `byte ${at - last.start} of "${last.name}", which has ${last.bytes}`;
}

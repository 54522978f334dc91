// The calls of a kernel that test/wasm/guards*.test.ts check: every combination of its options, at every size, with drawn numbers.
import { uniform } from "../../src/random.js";
import type { Kernels } from "../../src/wasm/core.js";
import { type Arena, type Block, type Call, checkGuards } from "./guards.js";

/** Every length from 0 to 9, and those around vectors, blocks of them, tiles of 128 pixels, and 1000. */
export const SIZES: readonly number[] = [...Array(10).keys(), 15, 16, 17, 18, 31, 33, 63, 65, 127, 128, 129, 1003];

/** Seeded numbers of all sorts. */
export class Draw {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = uniform(seed);
  }

  /** A whole number from `least` to `most`. */
  int(least: number, most: number): number {
    return least + Math.floor((most - least + 1) * this.next());
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)];
  }

  bool(): boolean {
    return this.next() < 0.5;
  }

  /** `n` numbers: all different, of few values, equal, or of any size. */
  floats(n: number, least = -3, most = 3): Float32Array {
    const mode = this.int(0, 3);
    const same = least + (most - least) * this.next();
    return Float32Array.from({ length: n }, () => {
      if (mode === 0) return same;
      const x = this.next();
      if (mode === 1) return least + ((most - least) * Math.round(4 * x)) / 4;
      if (mode === 2) return least + (most - least) * x;
      return this.pick([least, most, least + (most - least) * x * 1e-9, 0.5 * (least + most)]);
    });
  }

  /** Logits, some of them large. */
  logits(n: number): Float32Array {
    const scale = this.pick([1, 1, 1e-6, 30, 1e20]);
    return this.floats(n).map((x) => x * scale);
  }

  /** Indices below `end`. */
  indices(n: number, end: number): Int32Array {
    return Int32Array.from({ length: n }, () => this.int(0, end - 1));
  }

  /** Labels below `classes` or -1: any, all ignored, of one class, or none ignored. */
  labels(n: number, classes: number): Int32Array {
    const mode = this.int(0, 5);
    const same = this.int(0, classes - 1);
    return Int32Array.from({ length: n }, () => {
      if (mode === 0 || classes === 0) return -1;
      if (mode === 1) return same;
      return mode > 2 && this.next() < 0.2 ? -1 : this.int(0, classes - 1);
    });
  }

  /** Targets in 0..1, -1 where ignored. */
  targets(n: number): Float32Array {
    return this.floats(n, 0, 1).map((t) => (this.next() < 0.2 ? -1 : t));
  }
}

type Options = Readonly<Record<string, readonly unknown[]>>;
type Chosen<O extends Options> = { readonly [K in keyof O]: O[K][number] };

/** Calls `check` with each call of a kernel, and with what names it. */
export type Entry = (check: (call: Call, name: string) => void) => void;

/** The calls that `make` makes of each of `sizes` and of `options`. */
export function each<const O extends Options>(
  options: O,
  make: (n: number, chosen: Chosen<O>, draw: Draw) => Call,
  sizes: readonly number[] = SIZES,
): Entry {
  return (check) => {
    let seed = 1;
    for (const n of sizes) {
      for (const chosen of combinations(options)) {
        const name = `n = ${n}, ${JSON.stringify(chosen)}, seed ${seed}`;
        check(make(n, chosen as Chosen<O>, new Draw(seed++)), name);
      }
    }
  };
}

/** The calls of all `entries`. */
export const together =
  (...entries: readonly Entry[]): Entry =>
  (check) => {
    for (const entry of entries) entry(check);
  };

function combinations(options: Options): Record<string, unknown>[] {
  return Object.entries(options).reduce<Record<string, unknown>[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}

/** A call; `run` may use pointers by the names of `blocks`. */
export function calling<K extends string>(
  blocks: Readonly<Record<K, Block>>,
  run: (kernels: Kernels, pointers: Readonly<Record<K, number>>) => unknown,
): Call {
  return { blocks, run: run as Call["run"] };
}

/** Checks all calls of `entry`; throws an error that names the one that fails. */
export function checkEntry(arena: Arena, entry: Entry): void {
  let shift = 0;
  entry((call, name) => {
    try {
      checkGuards(arena, call, shift++ % 16);
    } catch (cause) {
      throw new Error(`${name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  });
}

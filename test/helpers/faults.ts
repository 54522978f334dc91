// A core whose memory runs out when it is told to. Tests take it in place of the real one:
// vi.mock("../src/wasm/instance.js", async (original) => (await import("./helpers/faults.js")).failing(await original()));
import type { Kernels } from "../../src/wasm/instance.js";

// the allocation that fails, counted down; below 0, none does
let left = -1;
let isForGood = false;
let refused = false;

/** The module of the core's instance, whose `allocate` fails as `failAt` has it. */
export function failing({ kernels }: { kernels: Kernels }): { kernels: Kernels } {
  const allocate = (bytes: number): number => {
    if (left === 0) {
      refused = true;
      if (!isForGood) left = -1;
      throw new WebAssembly.RuntimeError("unreachable");
    }
    left -= 1;
    return kernels.allocate(bytes);
  };
  return { kernels: { ...kernels, allocate } };
}

/** Runs `fn` where allocation number `k`, from 0, fails, and with `forGood` all later ones too. Says whether it came to that. */
export function failAt(k: number, forGood: boolean, fn: () => void): { error: unknown; refused: boolean } {
  [left, isForGood, refused] = [k, forGood, false];
  try {
    fn();
    return { error: null, refused };
  } catch (error) {
    return { error, refused };
  } finally {
    left = -1;
  }
}

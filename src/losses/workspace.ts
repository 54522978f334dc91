// The memory that the sorts inside the losses need.
import { kernels } from "../wasm/instance.js";
import type { Scratch } from "../wasm/team.js";

/** The room of a Lovász kernel for `n` pixels, given to it as argument number `argument`; see assembly/lovasz/task.ts. */
export const roomFor = (n: number, argument: number): Scratch => ({ argument, bytes: kernels.roomBytes(n) });

/** What sorting a pixel costs, in elements that are read or written. */
export const SORT_COST = 16;

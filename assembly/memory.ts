// The heap behind every tensor: AssemblyScript's two-level segregated fit (TLSF). It is O(1), merges neighbouring free
// blocks, and hands a training step that repeats its sizes the same blocks again, so a long run does not fragment.

/** Returns `bytes` of memory, 16-byte aligned and padded to whole v128s. Traps where the memory cannot grow that far. */
export function allocate(bytes: u32): usize {
  return heap.alloc(((bytes as usize) + 15) & ~15);
}

/** Gives back a block of `allocate`. */
export function free(pointer: usize): void {
  heap.free(pointer);
}

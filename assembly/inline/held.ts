// Vectors that a loop keeps in registers. V8 makes a constant, or a number in every lane, anew wherever it is used, within loops too;
// what was read from memory it keeps.

const slot = memory.data(16, 16);

/** `v`, in a register from here on. */
// @ts-ignore: decorator
@inline
export function held(v: v128): v128 {
  v128.store(slot, v);
  return v128.load(slot);
}

// What one thread of this machine can do at most in WebAssembly: multiply-adds of vectors in registers, and traffic of memory beyond all caches.
import asc from "assemblyscript/asc";

// chains enough for the latency of an addition after a multiplication, and few enough for 16 registers
const CHAINS = 12;
const ROUNDS = 1e6;
const BYTES = 2 ** 25;
const TRIES = 100;
const chains = Array.from({ length: CHAINS }, (_, i) => i);

const source = `
export function multiplyAdd(rounds: i32): f32 {
  const factor = v128.load(0), summand = v128.load(0);
  ${chains.map((i) => `let s${i} = v128.load(${16 * i});`).join("\n  ")}
  for (; rounds > 0; rounds--) {
    ${chains.map((i) => `s${i} = f32x4.add(f32x4.mul(s${i}, factor), summand);`).join("\n    ")}
  }
  return f32x4.extract_lane(${chains.map((i) => `s${i}`).reduce((sum, chain) => `f32x4.add(${sum}, ${chain})`)}, 0);
}

// a = b + factor c
export function triad(a: usize, b: usize, c: usize, bytes: usize): void {
  const factor = v128.load(0);
  for (let i: usize = 0; i < bytes; i += 32) {
    v128.store(a + i, f32x4.add(v128.load(b + i), f32x4.mul(factor, v128.load(c + i))));
    v128.store(a + i, f32x4.add(v128.load(b + i, 16), f32x4.mul(factor, v128.load(c + i, 16))), 16);
  }
}
`;

/** `{ flop, bytes }` of a second, each the best of several tries. */
export async function peak() {
  const { error, binary } = await asc.compileString(source, {
    ...{ optimizeLevel: 3, runtime: "stub", enable: ["simd"], noAssert: true },
    initialMemory: (3 * BYTES) / 2 ** 16 + 1,
  });
  if (error) throw error;
  const { multiplyAdd, triad, memory } = (await WebAssembly.instantiate(binary)).instance.exports;
  const from = 2 ** 16;
  // touches every page, and keeps numbers away from the slow ones next to 0
  new Float32Array(memory.buffer).fill(0.5);
  return {
    flop: (8 * CHAINS * ROUNDS) / fastest(() => multiplyAdd(ROUNDS)),
    bytes: (3 * BYTES) / fastest(() => triad(from, from + BYTES, from + 2 * BYTES, BYTES)),
  };
}

// seconds
function fastest(call) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now();
    call();
    best = Math.min(best, performance.now() - start);
  }
  return best / 1000;
}

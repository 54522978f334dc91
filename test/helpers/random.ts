// Seeded numbers for tests, so that a failure repeats.
import { normal, uniform } from "../../src/random.js";

/** `count` standard normal numbers of float32. */
export function normals(count: number, seed = 1): Float32Array {
  return Float32Array.from({ length: count }, normal(seed));
}

/** `count` float32 numbers in [least, most). */
export function uniforms(count: number, least: number, most: number, seed = 1): Float32Array {
  const next = uniform(seed);
  return Float32Array.from({ length: count }, () => least + (most - least) * next());
}

/** `count` whole numbers in [0, end). */
export function integers(count: number, end: number, seed = 1): Int32Array {
  const next = uniform(seed);
  return Int32Array.from({ length: count }, () => Math.floor(end * next()));
}

/**
 * `count` different numbers around 0, each at least `gap` from the others and from 0: finite differences step over no kink
 * between them. Multiples of 1/64 where `gap` is.
 */
export function apart(count: number, gap = 0.25, seed = 1): Float32Array {
  const next = uniform(seed);
  const values = Float32Array.from({ length: count }, (_, i) => gap * (i - Math.floor(count / 2)) + gap / 2);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor((i + 1) * next());
    [values[i], values[j]] = [values[j], values[i]];
  }
  return values;
}

// Seeded data for the benchmarks: the same numbers on every machine.

/** Numbers in [0, 1): the mulberry32 sequence of `seed`. */
export function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `n` standard normal float32 numbers. */
export function normals(n, seed) {
  const next = uniform(seed);
  return Float32Array.from({ length: n }, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
}

/** `n` labels 0 or 1, a share of `positives` of them 1, at least one. */
export function binaryLabels(n, positives, seed) {
  const next = uniform(seed);
  const labels = Uint8Array.from({ length: n }, () => (next() < positives ? 1 : 0));
  labels[Math.floor(next() * n)] = 1;
  return labels;
}

/** `n` labels below `classes`. */
export function classLabels(n, classes, seed) {
  const next = uniform(seed);
  return Uint8Array.from({ length: n }, () => Math.floor(next() * classes));
}

// Margins of every kind that their sorts treat differently.
import { integers, normals, uniforms } from "./random.js";

/** Named ways to make `n` margins. */
export const marginKinds: Record<string, (n: number) => Float32Array> = {
  normal: (n) => normals(n, n + 1),
  "of many sizes": (n) => normals(n, n + 2).map((x, i) => x * 10 ** ((i % 60) - 30)),
  "on a grid": (n) => Float32Array.from(integers(n, 9, n + 3), (x) => x / 4 - 1),
  clustered: (n) => uniforms(n, 0, 1, n + 4).map((x) => 0.5 + 1e-6 * x),
  zeros: (n) => Float32Array.from({ length: n }, (_, i) => (i % 2 ? -0 : 0)),
};

/** Labels 1, 0 and -1 (ignored) of `n` pixels. */
export const someLabels = (n: number): Int8Array => Int8Array.from(integers(n, 5, n + 5), (x) => (x === 0 ? -1 : x === 1 ? 1 : 0));

// Who is measured, and what: each name with the library, its backend, and how many threads it gets.

/** Contenders; `isOwn` are those of this package. Threads of null: as many as it takes itself. */
export const CONTENDERS = [
  { name: "lovasz, 1 thread", library: "lovasz", backend: "wasm", threads: 1, isOwn: true },
  { name: "lovasz, all threads", library: "lovasz", backend: "threads", threads: null, isOwn: true, needsIsolation: true },
  { name: "lovasz, GPU (the loss alone)", library: "lovasz", backend: "gpu", threads: 1, isOwn: true },
  { name: "TensorFlow.js, wasm", library: "tfjs", backend: "wasm", threads: 1 },
  { name: "TensorFlow.js, webgl", library: "tfjs", backend: "webgl", threads: 1 },
  { name: "TensorFlow.js, webgpu", library: "tfjs", backend: "webgpu", threads: 1 },
  { name: "jax-js, wasm", library: "jax", backend: "wasm", threads: 1 },
  { name: "jax-js, webgpu", library: "jax", backend: "webgpu", threads: 1 },
];

/** What is measured, as it stands in the table. */
export const TASKS = {
  hinge: "Lovász hinge of 512 x 512 pixels, with its gradient",
  step: "training step of a U-Net of width 8, 4 x 128 x 128",
  inference: "its prediction",
};

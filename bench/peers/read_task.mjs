// What task.mjs wrote, in Node and in pages.

/** The task of a line: `{ network, options, state, shape, pixels, labels }` with typed arrays. */
export function readTask(line) {
  const task = JSON.parse(line);
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const floats = (text) => new Float32Array(bytes(text).buffer);
  const state = Object.fromEntries(task.state.map(({ name, shape, data }) => [name, { shape, data: floats(data) }]));
  return { ...task, state, pixels: floats(task.pixels), labels: bytes(task.labels) };
}

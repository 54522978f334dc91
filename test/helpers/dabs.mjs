// Strokes of a person who never crosses a boundary, for tests and benches of `lovasz paint`.

/** The label of a pixel without a stroke. */
const UNPAINTED = 255;

/**
 * The labels of a picture, `width` pixels a row, with `count` dabs of each class of `truth`: discs of `radius` that lie within it, drawn by
 * `random`. Throws where a class has no place for one.
 * @param {Uint8Array} truth
 * @param {number} width
 * @param {() => number} random
 * @param {{ count?: number, radius?: number, classes?: number }} [options]
 */
export function dabs(truth, width, random, { count = 12, radius = 5, classes = 2 } = {}) {
  const height = truth.length / width;
  const labels = new Uint8Array(truth.length).fill(UNPAINTED);
  const reach = Array.from({ length: 2 * radius + 1 }, (_, i) => i - radius);
  const disc = reach.flatMap((dy) => reach.filter((dx) => dx * dx + dy * dy <= radius * radius).map((dx) => dy * width + dx));
  for (let one = 0; one < classes; one++) {
    const places = [];
    for (let y = radius; y < height - radius; y++) {
      for (let at = y * width + radius; at < (y + 1) * width - radius; at++) {
        if (disc.every((step) => truth[at + step] === one)) places.push(at);
      }
    }
    if (places.length === 0) throw new Error(`class ${one} has no place for a dab of radius ${radius}`);
    for (let i = 0; i < count; i++) {
      const at = places[Math.floor(random() * places.length)];
      for (const step of disc) labels[at + step] = one;
    }
  }
  return labels;
}

// Strokes of a person who never crosses a boundary, for tests and benches of `lovasz paint`.

/** The label of a pixel without a stroke. */
const UNPAINTED = 255;

/**
 * The centres of `count` dabs of each class of `truth`, a picture of `width` pixels a row: discs of `radius` that lie within the class, drawn by
 * `random`. Throws where a class has no place for one.
 * @param {Uint8Array} truth
 * @param {number} width
 * @param {() => number} random
 * @param {{ count?: number, radius?: number, classes?: number }} [options]
 */
export function centresOf(truth, width, random, { count = 12, radius = 5, classes = 2 } = {}) {
  const height = truth.length / width;
  const disc = discOf(radius, width);
  return Array.from({ length: classes }, (_, label) => {
    const places = [];
    for (let y = radius; y < height - radius; y++) {
      for (let at = y * width + radius; at < (y + 1) * width - radius; at++) {
        if (disc.every((step) => truth[at + step] === label)) places.push(at);
      }
    }
    if (places.length === 0) throw new Error(`class ${label} has no place for a dab of radius ${radius}`);
    const drawn = Array.from({ length: count }, () => places[Math.floor(random() * places.length)]);
    return drawn.map((at) => ({ label, x: at % width, y: Math.floor(at / width) }));
  }).flat();
}

/**
 * The labels of that picture with these dabs, for arguments as of `centresOf`.
 * @param {Uint8Array} truth
 * @param {number} width
 * @param {() => number} random
 * @param {{ count?: number, radius?: number, classes?: number }} [options]
 */
export function dabs(truth, width, random, options = {}) {
  const labels = new Uint8Array(truth.length).fill(UNPAINTED);
  const disc = discOf(options.radius ?? 5, width);
  for (const { label, x, y } of centresOf(truth, width, random, options)) for (const step of disc) labels[y * width + x + step] = label;
  return labels;
}

/** @param {number} radius @param {number} width */
function discOf(radius, width) {
  const reach = Array.from({ length: 2 * radius + 1 }, (_, i) => i - radius);
  return reach.flatMap((dy) => reach.filter((dx) => dx * dx + dy * dy <= radius * radius).map((dx) => dy * width + dx));
}

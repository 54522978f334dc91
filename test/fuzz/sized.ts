// Broken losses that are right but at the edges of vectors, tiles and blocks: in cases of one size.
import { ALL, collection, type Mutant } from "./mutant.js";

const { mutants, around } = collection();

export const SIZED: readonly Mutant[] = mutants;

for (const size of [8, 16, 64, 128, 256, 512, 1024, 2048]) {
  around(`gradient lost of images of ${size} pixels`, ALL, (right) => (values, labels, options) => {
    const { value, grad } = right(values, labels, options);
    return { value, grad: labels.length / options.shape[0] === size ? grad.fill(0) : grad };
  });
}
for (const size of [33, 127, 257, 1023]) {
  around(`a thousandth too much of ${size} pixels in all`, ALL, (right) => (values, labels, options) => {
    const { value, grad } = right(values, labels, options);
    return { value: value * (labels.length === size ? 1.001 : 1), grad };
  });
}
for (const size of [64, 255, 512, 1025]) {
  around(`gradient halved of ${size} values`, ALL, (right) => (values, labels, options) => {
    const { value, grad } = right(values, labels, options);
    return { value, grad: values.length === size ? grad.map((slope) => slope / 2) : grad };
  });
}
around("gradient of a pixel that is alone in its block of 128 lost", ALL, (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  const pixels = labels.length / options.shape[0];
  return { value, grad: pixels % 128 === 1 && pixels > 1 ? grad.fill(0, -1) : grad };
});
around("gradient lost where 256 pixels are not void", ALL, (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  return { value, grad: labels.filter((label) => label !== options.ignore).length === 256 ? grad.fill(0) : grad };
});

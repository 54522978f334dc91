// Padding to whole blocks and cropping, as src/nn/wholeBlocks.ts has them, for sizes that are known only when the graph runs.
import type { Graph, Images } from "./graph.js";

/** What `network` makes of `input`, which it gets with zeros at the right and bottom up to multiples of `block`. */
export function onMultiplesOf(graph: Graph, block: number, input: Images, network: (padded: Images) => Images): Images {
  if (block === 1) return network(input);
  const [before, after] = [graph.within("padding"), graph.within("cropping")];
  const size = before.node("Shape", [input.name], { start: 2 });
  // the sign of the remainder is that of the divisor
  const missing = before.node("Mod", [before.node("Neg", [size]), before.integers([block])]);
  const amounts = before.node("Concat", [before.integers([0, 0, 0, 0, 0, 0]), missing], { axis: 0 });
  const rounded = input.extents.map((extent) => block * Math.ceil(extent / block));
  const output = network({ ...before.map("Pad", input, [amounts]), extents: rounded });
  const ends = [after.integers([0, 0]), size, after.integers([2, 3])];
  return { ...after.map("Slice", output, ends), extents: input.extents };
}

// The normalisation of pictures, as src/model/normalisation.ts has it.
import type { Normalisation } from "../normalisation.js";
import type { Graph, Images } from "./graph.js";

/** `picture`, with values from 0 to 255, as the network reads it. */
export function normalised(graph: Graph, picture: Images, normalisation: Normalisation): Images {
  const own = graph.within("normalisation");
  if (normalisation === "none") return picture;
  if (normalisation === "picture") {
    const centred = own.map("Sub", picture, [meanOf(own, picture.name)]);
    const deviation = own.node("Sqrt", [meanOf(own, own.node("Mul", [centred.name, centred.name]))]);
    // a picture of one colour stays at 0 instead of blowing up its noise
    return own.map("Div", centred, [own.node("Max", [deviation, own.floats([1], [])])]);
  }
  const [mean, scale] = [normalisation.mean.map((one) => 255 * one), normalisation.std.map((one) => 1 / (255 * one))];
  const centred = own.map("Sub", picture, [own.floats(mean, [3, 1, 1], "normalisation.mean")]);
  return own.map("Mul", centred, [own.floats(scale, [3, 1, 1], "normalisation.scale")]);
}

// Of each picture, by way of the means of its rows: float32 cannot sum the values of a large picture exactly.
function meanOf(graph: Graph, name: string): string {
  const rows = graph.node("ReduceMean", [name], { axes: [3] });
  return graph.node("ReduceMean", [rows], { axes: [1, 2, 3] });
}

import type { Pixels } from "../../model/pixels.js";

/** The largest value of a picture, at least 1: what is drawn as full brightness, so that dim pictures and those of 16 bits can be seen. */
export function brightest({ rgb }: Pick<Pixels, "rgb">): number {
  let most = 1;
  for (const value of rgb) if (value > most) most = value;
  return most;
}

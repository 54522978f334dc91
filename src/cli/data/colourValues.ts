// The colour of each pixel of a mask, for masks whose colours are classes.
import { COLOUR, type MaskValues, MOST_COLOURS, transparency } from "./maskValues.js";
import type { Raster } from "./raster.js";

/**
 * The colours of `raster`, as COLOUR + 0xrrggbb; those of its palette, where it has one. Throws an Error that goes on after the file's
 * name where they are not exact, or too many to be classes.
 */
export function colourValues(raster: Raster): MaskValues {
  const { width, height, white, lossy } = raster;
  if (lossy) throw new Error("is a JPEG, which does not keep the colours of classes exactly; save it as PNG");
  if (white > 255) throw new Error("has 16 bits a channel, but --colours names colours of 8; save it with 8 bits");
  const values = coloursOf(raster);
  refuseMany(values);
  const { hidden, isSoft } = transparency(raster, values);
  for (let i = 0; i < values.length; i++) values[i] += COLOUR;
  const asColours = hidden.map((value) => COLOUR + value);
  return { width, height, kind: "colour", values, white, lossy, alpha: "none", hidden: asColours, isSoft, black: [] };
}

// a photograph has millions, which no set should hold
function refuseMany(values: Uint32Array): void {
  const seen = new Set<number>();
  for (let i = 0; i < values.length; i++) {
    if (values[i] === values[i - 1] || seen.add(values[i]).size <= MOST_COLOURS) continue;
    const cure = "save it as a PNG that was never a JPEG, without smoothed edges";
    throw new Error(`has more than ${MOST_COLOURS} colours, too many for classes; ${cure}`);
  }
}

// 0xrrggbb for each pixel
function coloursOf({ width, height, channels, values, white, palette }: Raster): Uint32Array {
  const colours = new Uint32Array(width * height);
  const ofIndex = palette?.map(([red, green, blue]) => 65536 * red + 256 * green + blue);
  // grey of less than 8 bits
  const scale = 255 / white;
  for (let i = 0, at = 0; i < colours.length; i++, at += channels) {
    if (ofIndex) colours[i] = ofIndex[values[at]];
    else if (channels < 3) colours[i] = 0x010101 * scale * values[at];
    else colours[i] = 65536 * values[at] + 256 * values[at + 1] + values[at + 2];
  }
  return colours;
}

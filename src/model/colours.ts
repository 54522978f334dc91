/**
 * Colours of classes, red, green and blue, which people with any colour vision can tell apart, also from the colours of errors in reports; that
 * of class 1 comes first. They repeat after the last.
 *
 * Sources: the light set of Tol, "Colour schemes" (2021), with the green and the purple of Okabe and Ito, "Color universal design" (2008),
 * chosen and ordered for the largest least distance (CIEDE2000) under normal vision, protanopia, deuteranopia and tritanopia.
 */
export const CLASS_COLOURS: readonly (readonly [number, number, number])[] = [
  [238, 221, 136],
  [0, 158, 115],
  [204, 121, 167],
  [153, 221, 255],
  [170, 170, 0],
  [255, 170, 187],
  [119, 170, 221],
];

/** The colour of a class from 1 on: the background, class 0, has none. */
export function classColour(label: number): readonly [number, number, number] {
  return CLASS_COLOURS[(label - 1) % CLASS_COLOURS.length];
}

/**
 * Colours of classes, red, green and blue, which people with any colour vision can tell apart; that of class 1 comes first. They repeat after
 * the last.
 *
 * Source: Okabe and Ito, "Color universal design" (2008), without black.
 */
export const CLASS_COLOURS: readonly (readonly [number, number, number])[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [204, 121, 167],
];

// How the records of zip files begin.

/** Before each file. */
export const LOCAL = 0x04034b50;
/** Of each file, in the directory. */
export const CENTRAL = 0x02014b50;
/** After the directory. */
export const END = 0x06054b50;

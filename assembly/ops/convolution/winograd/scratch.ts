// Where the scratch memory of a thread lies.

/** Bytes before the transformed pixels that no shape changes. */
export const FIXED: usize = 5952;

/** The products of multiplyPlanes.ts, [36, 4, 8]. */
export const PRODUCTS: usize = 0;

/** What the transforms keep between rows and columns: 36 vectors. */
export const ROWS: usize = 4608;

/** Four copies of what a tile reads or writes, with its padding: six rows of eight numbers each, or four rows of four. */
export const COPIES: usize = 5184;

/** Bytes of scratch of transformWeights.ts, behind the weights: nine taps of four results, and 18 vectors between rows and columns. */
export const WEIGHT_SCRATCH: usize = 432;

/** The turns of `cut` whose logits are averaged on request: the picture as it is, mirrored, upside down, and both. */
export const FLIPS: readonly number[] = [0, 1, 2, 3];

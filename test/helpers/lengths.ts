// The lengths that find a wrong vector tail: all small ones, and some random ones beyond.
import { uniform } from "../../src/random.js";

const next = uniform(20180618);

/** 0 to 9, then four random lengths up to several thousand. */
export const lengths: readonly number[] = [
  ...Array.from({ length: 10 }, (_, n) => n),
  ...[30, 300, 1000, 5000].map((most) => 10 + Math.floor(most * next())),
];

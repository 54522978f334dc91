// What the masks of dropout follow from: shares and seeds.
import { finite, integer } from "../options.js";
import { uniform } from "../random.js";

/** Runs `use` with the next seed of a sequence. If it throws, the next call gets that seed again. */
export type Seeds = <T>(use: (seed: number) => T) => T;

/** The sequence of seeds that `seed` begins. */
export function seedsFrom(seed: number): Seeds {
  const next = uniform(seed);
  let current = 2 ** 32 * next();
  return (use) => {
    const result = use(current);
    current = 2 ** 32 * next();
    return result;
  };
}

/** The seeds of all calls without one: a program that repeats its calls repeats its masks. */
export const unseeded = seedsFrom(0);

/** Reads the probability of being dropped. */
export const readProbability = (call: string, p: unknown): number => finite(call, "p", p, 0.5, 0, 1);

/** The sequence of seeds that the option `seed` begins; where it is left out, that of all calls without one. */
export const readSeeds = (call: string, seed: unknown): Seeds =>
  seed === undefined ? unseeded : seedsFrom(integer(call, "seed", seed, 0));

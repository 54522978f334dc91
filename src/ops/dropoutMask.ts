// What the masks of dropout follow from: shares and seeds.
import { finite, integer } from "../options.js";
import { uniform } from "../random.js";

/** The sequence of seeds that one seed begins. */
export class Seeds {
  readonly #seed: number;
  #next: () => number;
  #current: number;
  #used = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#next = uniform(seed);
    this.#current = 2 ** 32 * this.#next();
  }

  /** Runs `use` with the next seed. If it throws, the next call gets that seed again. */
  take<T>(use: (seed: number) => T): T {
    const result = use(this.#current);
    this.#current = 2 ** 32 * this.#next();
    this.#used++;
    return result;
  }

  /** How many seeds were taken. A training that is continued sets it, and then gets the seeds that it would have got. */
  get used(): number {
    return this.#used;
  }

  set used(count: number) {
    this.#next = uniform(this.#seed);
    for (let i = 0; i <= count; i++) this.#current = 2 ** 32 * this.#next();
    this.#used = count;
  }
}

/** The seeds of all calls without one: a program that repeats its calls repeats its masks. */
export const unseeded = new Seeds(0);

/** Reads the probability of being dropped. */
export const readProbability = (call: string, p: unknown): number => finite(call, "p", p, 0.5, 0, 1);

/** The sequence of seeds that the option `seed` begins; where it is left out, that of all calls without one. */
export const readSeeds = (call: string, seed: unknown): Seeds =>
  seed === undefined ? unseeded : new Seeds(integer(call, "seed", seed, 0));

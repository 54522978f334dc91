// How fast the network learns: as fast as it can while strokes come, slower and slower afterwards, and at last not at all.

/** After so many steps without a change of strokes, nothing is left to be learned: 17 s on one slow core. */
const STEPS = 1500;
/** A change of strokes takes the schedule back to here: there is something new to learn, but not everything. */
const REHEATED = 400;
/** A machine too slow for that many steps stops after so many seconds of training: batteries are to last. */
const SECONDS = 90;

/** The schedule of the learning rate: half a cosine, part of which is repeated when strokes change. */
export class Rate {
  readonly #first: number;
  #age = 0;
  #seconds = 0;
  #factor = 1;

  /** `first` is the rate of the first step. */
  constructor(first: number) {
    this.#first = first;
  }

  /** The learning rate of the next step. */
  get value(): number {
    return this.#factor * this.#first * (0.02 + 0.98 * (0.5 + 0.5 * Math.cos((Math.PI * Math.min(this.#age, STEPS)) / STEPS)));
  }

  /** Whether nothing is left to be learned. */
  get isOver(): boolean {
    return this.#age >= STEPS || this.#seconds >= SECONDS;
  }

  /** A step was taken, in so many seconds. */
  stepped(seconds: number): void {
    this.#age += 1;
    this.#seconds += seconds;
  }

  /** Strokes have changed. */
  reheat(): void {
    this.#age = Math.min(this.#age, REHEATED);
    this.#seconds = 0;
  }

  /** The loss was not a number. */
  halve(): void {
    this.#factor /= 2;
  }
}

// Says when threads cost more than they bring, as where other programs use the cores: a unit that a worker has taken may then wait for its
// turn, and the calling thread with it.

/** How fast earlier jobs are forgotten, and how many are measured before anything is said. */
const MEMORY = 0.95;
const LEAST_JOBS = 16;
/** Workers must save a tenth of the time: what they do to the cache, and between jobs, is not measured. */
const LEAST_GAIN = 0.9;
/** Milliseconds without workers: the first time, and at most. Each time that they still bring nothing, it is twice as long. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 3200;

export class Backoff {
  #alone = 0;
  #together = 0;
  #jobs = 0;
  #pause = FIRST_PAUSE;
  #until = 0;

  /** Whether the calling thread should work alone at the time `now`, in milliseconds. */
  isPaused(now: number): boolean {
    return now < this.#until;
  }

  /** A job took so many milliseconds at the time `now`, and would have taken the calling thread alone about so many. */
  add(together: number, alone: number, now: number): void {
    this.#together = MEMORY * this.#together + together;
    this.#alone = MEMORY * this.#alone + alone;
    this.#jobs += 1;
    if (this.#jobs < LEAST_JOBS) return;
    if (this.#together > LEAST_GAIN * this.#alone) {
      this.#until = now + this.#pause;
      this.#pause = Math.min(LONGEST_PAUSE, 2 * this.#pause);
      this.#together = this.#alone = this.#jobs = 0;
    } else if (this.#jobs > 8 * LEAST_JOBS) {
      this.#pause = FIRST_PAUSE;
    }
  }
}

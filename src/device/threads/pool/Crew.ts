// All workers that run one script. Whoever opens a pool takes the first so many of them, so that a machine has no more workers than the
// largest pool asks for. A slot is never empty for long: see Slot.ts for what happens when a worker dies.
import { Slot } from "./Slot.js";

/** Whoever takes workers of a crew. */
export interface Member {
  readonly size: number;
  onTask(): void;
}

const crews = new Map<string, Crew>();

/** The crew of that script; its workers may take `limit` seconds to begin. */
export function crewOf(script: string | URL | undefined, limit: number | undefined): Crew {
  const key = `${script}`;
  const crew = crews.get(key) ?? new Crew(script, limit, () => crews.delete(key));
  crews.set(key, crew);
  return crew;
}

export class Crew {
  readonly script: string | URL | undefined;
  readonly limit: number | undefined;
  /** Whether the script has ever loaded. */
  hasLoaded = false;
  /** How many workers took over from one that died, and what the last one died of. */
  readonly replaced = { count: 0, last: null as string | null };
  readonly slots: Slot[] = [];
  readonly #pools = new Set<Member>();
  readonly #onEnd: () => void;

  constructor(script: string | URL | undefined, limit: number | undefined, onEnd: () => void) {
    this.script = script;
    this.limit = limit;
    this.#onEnd = onEnd;
  }

  /** Starts the workers that a pool needs, besides those that are there. */
  async join(pool: Member): Promise<void> {
    this.#pools.add(pool);
    while (this.slots.length < pool.size) this.slots.push(new Slot(this, this.slots.length));
    await Promise.all(this.slots.slice(0, pool.size).map((slot) => slot.fill()));
  }

  /** Lets workers go that attend to jobs. */
  freeForTasks(): void {
    for (const { onTask } of this.#pools) onTask();
  }

  /** Ends the workers that no other pool needs, and resolves once the others have done what they do for this one. */
  async leave(pool: Member): Promise<void> {
    if (!this.#pools.delete(pool)) return;
    const needed = Math.max(0, ...[...this.#pools].map(({ size }) => size));
    if (this.#pools.size === 0) this.#onEnd();
    const ended = this.slots.splice(needed);
    await Promise.all([...ended.map((slot) => slot.close()), ...this.slots.map((slot) => slot.leave(pool))]);
  }
}

// Seeded orders: the same on every machine.
import { uniform } from "../random.js";

/** A copy of `items` in random order: Fisher and Yates. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor((i + 1) * random());
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Random numbers for one purpose: streams of different seeds or numbers have nothing in common. */
export function stream(seed: number, ...numbers: number[]): () => number {
  const mixed = [...numbers].reduce(
    (state, number) => Math.imul(state ^ (uniform(number)() * 2 ** 32), 0x9e3779b1),
    uniform(seed)() * 2 ** 32,
  );
  return uniform(mixed);
}

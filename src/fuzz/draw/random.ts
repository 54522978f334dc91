// Drawing by seeded numbers in [0, 1).

export type Random = () => number;

/** One of `list`, each as likely. */
export const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)];

/** A whole number from `least` to `most`. */
export const between = (random: Random, least: number, most: number): number => least + Math.floor(random() * (most - least + 1));

/** True with a chance of `share`. */
export const chance = (random: Random, share: number): boolean => random() < share;

/** A standard normal number. */
export const gaussian = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** The numbers 0..count-1 in any order. */
export function shuffled(random: Random, count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = between(random, 0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

// How broken losses are made: a plain right one, with a mistake in its steps or around it.
import type { Kind as AnyKind, CaseOptions, LossUnderTest } from "../../src/fuzz/index.js";
import { differences, type Kind, plain, type Steps } from "./plain.js";

export interface Mutant {
  name: string;
  kind: AnyKind;
  /** Whether the mistake is in a step, not around the loss. */
  isStep: boolean;
  loss: () => LossUnderTest;
}

export const ALL: readonly Kind[] = ["hinge", "softmax", "sigmoid"];

export type Plain = (values: Float32Array, labels: Int32Array, options: CaseOptions) => { value: number; grad: Float32Array };

/** A list of mutants, and what adds to it: `steps` a mistake in the steps of each of `kinds`, `around` one around the right loss. */
export function collection() {
  const mutants: Mutant[] = [];
  return {
    mutants,
    steps(name: string, kinds: readonly Kind[], other: (right: Steps, kind: Kind) => Partial<Steps>): void {
      for (const kind of kinds) mutants.push({ name, kind, isStep: true, loss: () => plain(kind, (right) => other(right, kind)) });
    },
    around(
      name: string,
      kinds: readonly Kind[],
      make: (right: Plain, kind: Kind) => (...args: [...Parameters<Plain>]) => ReturnType<LossUnderTest>,
    ): void {
      for (const kind of kinds) mutants.push({ name, kind, isStep: false, loss: () => make(plain(kind) as Plain, kind) });
    },
  };
}

export const total = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** The weights by a running loss of the counts of hits and others up to each rank. */
export const running = (loss: (P: number, hits: number, others: number, rank: number) => number) => (sorted: number[]) => {
  let [hits, others] = [0, 0];
  const P = total(sorted);
  return differences(
    sorted.map((fg, rank) => {
      if (fg === 1) hits++;
      else others++;
      return loss(P, hits, others, rank);
    }),
  );
};

export const indices = (list: readonly unknown[]) => list.map((_, k) => k);

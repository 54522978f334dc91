// The reference cases that lie beside a checkout, where they do: made with PyTorch, not part of the package.
import { existsSync, readFileSync } from "node:fs";
import { describe } from "vitest";

const folder = new URL("../../../shared/golden/", import.meta.url);

export interface GoldenCase {
  name: string;
  op: string;
  shape: number[];
  values: number[];
  labels: number[];
  labelsShape?: number[];
  options: Record<string, unknown>;
  loss: number;
  grad: number[] | null;
  weights?: number[];
  classLosses?: number[];
  classGrads?: number[][];
}

const present = existsSync(folder);
if (!present) console.warn("skipped: the reference cases of ../shared/golden are not here");

/** A `describe` that is skipped, with a message, where the reference cases are absent. */
export const describeGolden = describe.skipIf(!present);

/** The cases of one operator. */
export function goldenCases(op: string): GoldenCase[] {
  if (!present) return [];
  const { cases } = JSON.parse(readFileSync(new URL("cases.json", folder), "utf8")) as { cases: GoldenCase[] };
  const found = cases.filter((one) => one.op === op);
  if (found.length === 0) throw new Error(`cases.json has no case of ${op}`);
  return found;
}

/** The names of all operators that have a case. */
export function goldenOperators(): Set<string> {
  const { cases } = JSON.parse(goldenFile("cases.json").toString()) as { cases: GoldenCase[] };
  return new Set(cases.map(({ op }) => op));
}

/** The file of that name. */
export const goldenFile = (name: string): Buffer => readFileSync(new URL(name, folder));
